#include <cstdint>

#include <levada/core/big_endian.h>
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

// What eight characters are to be like: a digit where it has a zero, the same elsewhere. The first is the highest byte.
struct FormOfEight {
  std::uint64_t characters = 0;
  std::uint64_t excess = 0;  // added to a digit's value, or to zero, it brings a byte to 128 if that is not what it is

  constexpr explicit FormOfEight(std::string_view form) {
    for (const char each : form) {
      characters = characters << 8 | static_cast<unsigned char>(each);
      excess = excess << 8 | (each == '0' ? 0x76u : 0x7fu);
    }
  }
};

// Eight characters of a text, looked at all at once, as one number.
class Eight {
 public:
  Eight(std::string_view text, const FormOfEight& form)
      : digits_(read_big_endian<std::uint64_t>(text) ^ form.characters),
        fits_((((digits_ + form.excess) | digits_) & 0x8080'8080'8080'8080) == 0) {}

  bool fits() const { return fits_; }
  unsigned digit(int at) const { return byte(digits_, at); }
  unsigned two_digits(int at) const { return byte(10 * (digits_ >> 8) + digits_, at + 1); }

 private:
  static unsigned byte(std::uint64_t number, int at) { return static_cast<unsigned>(number >> (56 - 8 * at) & 0xff); }

  std::uint64_t digits_;
  bool fits_;
};

// The form that programs write, 2026-01-01T00:00:00.777Z: nothing has to be looked for, so it takes a fraction of the
// time. nullopt says only that the text is to be read step by step.
std::optional<Timestamp> parse_usual(std::string_view text) {
  constexpr FormOfEight kDate("0000-00-"), kClock("00T00:00"), kSeconds(":00.000Z");
  if (text.size() != 24) return std::nullopt;
  const Eight date(text.substr(0, 8), kDate), clock(text.substr(8, 8), kClock), rest(text.substr(16, 8), kSeconds);
  if (!date.fits() || !clock.fits() || !rest.fits()) return std::nullopt;
  const std::chrono::year_month_day day(
      std::chrono::year(static_cast<int>(100 * date.two_digits(0) + date.two_digits(2))),
      std::chrono::month(date.two_digits(5)), std::chrono::day(clock.two_digits(0)));
  const unsigned hour = clock.two_digits(3), minute = clock.two_digits(6), second = rest.two_digits(1);
  if (hour > 23 || minute > 59 || second > 59 || !day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + hours(hour) + minutes(minute) + seconds(second) +
         Duration(10 * rest.two_digits(4) + rest.digit(6));
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
