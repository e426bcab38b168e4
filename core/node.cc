#include <levada/core/errors.h>
#include <levada/core/node.h>
#include <levada/core/node_errors.h>

namespace levada {

void Node::fail(const AnyRecord& record) const {
  try {
    throw;
  } catch (const ProcessorError&) {
    throw;  // decided where it came from
  } catch (const TaskError&) {
    throw;
  } catch (const OutputError& error) {
    if (errors_ == nullptr) throw ProcessorError(name_, error.what());
    errors_->on_output_error(name_, record, error);
  } catch (...) {
    if (errors_ == nullptr) throw ProcessorError(name_, current_exception_text());
    errors_->on_processing_error(name_, record);
  }
}

}  // namespace levada
