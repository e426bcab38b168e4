#include <cstdint>

#include <levada/core/iso8601.h>

namespace levada {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Reads a text from the left; after the first mismatch nothing matches any more.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }
  bool next_is_digit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }

  bool skip_one_of(std::string_view accepted) {
    if (rest_.empty() || accepted.find(rest_[0]) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect_one_of(std::string_view accepted) { ok_ = skip_one_of(accepted) && ok_; }

  int number(int digits, int greatest) {
    int value = 0;
    for (; digits > 0 && next_is_digit(); --digits) value = value * 10 + next_digit();
    ok_ = ok_ && digits == 0 && value <= greatest;
    return value;
  }

  int next_digit() {
    const int digit = rest_[0] - '0';
    rest_.remove_prefix(1);
    return digit;
  }

  void fail() { ok_ = false; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::chrono::sys_days scan_date(Scanner& in) {
  const std::chrono::year year(in.number(4, 9999));
  in.expect_one_of("-");
  const std::chrono::month month(static_cast<unsigned>(in.number(2, 12)));
  in.expect_one_of("-");
  const std::chrono::day day(static_cast<unsigned>(in.number(2, 31)));
  const std::chrono::year_month_day date(year, month, day);
  if (!date.ok()) in.fail();
  return in.ok() ? std::chrono::sys_days(date) : std::chrono::sys_days();
}

Duration scan_fraction(Scanner& in) {
  constexpr int kMostDigits = 9;
  int digits = 0;
  std::int64_t nanoseconds = 0;
  for (; digits < kMostDigits && in.next_is_digit(); ++digits) nanoseconds = nanoseconds * 10 + in.next_digit();
  if (digits == 0) in.fail();
  for (; digits < kMostDigits; ++digits) nanoseconds *= 10;
  return std::chrono::floor<Duration>(std::chrono::nanoseconds(nanoseconds));
}

Duration scan_time_of_day(Scanner& in) {
  Duration time = hours(in.number(2, 23));
  in.expect_one_of(":");
  time += minutes(in.number(2, 59));
  if (!in.skip_one_of(":")) return time;
  time += seconds(in.number(2, 59));
  if (in.skip_one_of(".,")) time += scan_fraction(in);
  return time;
}

Duration scan_offset(Scanner& in) {
  if (in.at_end() || in.skip_one_of("Zz")) return Duration(0);
  const int sign = in.skip_one_of("-") ? -1 : 1;
  if (sign == 1) in.expect_one_of("+");
  Duration offset = hours(in.number(2, 23));
  if (in.skip_one_of(":") || in.next_is_digit()) offset += minutes(in.number(2, 59));
  return sign * offset;
}

// The form that programs write, 2026-01-01T00:00:00.777Z: nothing has to be looked for, so it takes a third of the
// time. nullopt says only that the text is to be read step by step.
std::optional<Timestamp> parse_usual(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  if (text.size() != kForm.size()) return std::nullopt;
  bool fits = true;
  for (const std::size_t at : {4, 7, 10, 13, 16, 19, 23}) fits &= text[at] == kForm[at];
  const auto number = [&](std::size_t at, std::size_t digits) {
    unsigned value = 0;
    for (const char character : text.substr(at, digits)) {
      const auto digit = static_cast<unsigned char>(character - '0');
      fits &= digit <= 9;
      value = 10 * value + digit;
    }
    return value;
  };
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(number(0, 4))),
                                         std::chrono::month(number(5, 2)), std::chrono::day(number(8, 2)));
  const unsigned hour = number(11, 2), minute = number(14, 2), second = number(17, 2), millisecond = number(20, 3);
  if (!fits || hour > 23 || minute > 59 || second > 59 || !date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + Duration(millisecond);
}

// By hand: a formatter's way through its template is most of the time that a timestamp takes.
void write_digits(std::int64_t number, int digits, char* to) {
  for (int i = digits - 1; i >= 0; --i, number /= 10) to[i] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string format_iso8601(Timestamp time) {
  constexpr Timestamp kFirst = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
  constexpr Timestamp kEnd = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
  if (time < kFirst || time >= kEnd) return std::to_string(time.time_since_epoch().count());

  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<Duration> clock(time - day);
  std::string text = "0000-00-00T00:00:00.000Z";
  write_digits(static_cast<int>(date.year()), 4, &text[0]);
  write_digits(static_cast<unsigned>(date.month()), 2, &text[5]);
  write_digits(static_cast<unsigned>(date.day()), 2, &text[8]);
  write_digits(clock.hours().count(), 2, &text[11]);
  write_digits(clock.minutes().count(), 2, &text[14]);
  write_digits(clock.seconds().count(), 2, &text[17]);
  write_digits(clock.subseconds().count(), 3, &text[20]);
  return text;
}

std::optional<Timestamp> parse_iso8601(std::string_view text) {
  if (const std::optional<Timestamp> usual = parse_usual(text)) return usual;
  Scanner in(text);
  const std::chrono::sys_days date = scan_date(in);
  in.expect_one_of("Tt ");
  const Duration time_of_day = scan_time_of_day(in);
  const Duration offset = scan_offset(in);
  if (!in.at_end()) return std::nullopt;
  return date + time_of_day - offset;
}

}  // namespace levada
