// expect: Serde<T>: the encoder needs void(const T&, Bytes&) or bool(const T&, Bytes&)
#include <string>

#include <levada/core/serde.h>

void encode_int(int, levada::Bytes&);
void encode_text(const std::string&, levada::Bytes&);
std::string decode(levada::BytesView);

levada::Serde<std::string> good(encode_text, decode);
#ifdef MISUSE
levada::Serde<std::string> bad(encode_int, decode);
#endif
