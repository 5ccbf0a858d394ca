//! Numbers, bytes, strings and points in time as text, written to the end of a buffer.

const HEX: &[u8; 16] = b"0123456789abcdef";
const UPPER_HEX: &[u8; 16] = b"0123456789ABCDEF";
const EPOCH_DAY: i64 = 719_468;
const DAYS_PER_ERA: i64 = 146_097;
const SECONDS_PER_DAY: i64 = 86_400;
const MILLIS_PER_DAY: i64 = 86_400_000;

/// A number's decimal digits.
pub fn integer(value: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Two hexadecimal digits for each byte, in lower case.
pub fn hex(data: &[u8], out: &mut Vec<u8>) {
    out.reserve(data.len().saturating_mul(2));
    for byte in data {
        out.extend_from_slice(&hex_byte(*byte, HEX));
    }
}

fn hex_byte(byte: u8, digits: &[u8; 16]) -> [u8; 2] {
    let digit = |nibble: u8| digits.get(usize::from(nibble)).copied().unwrap_or(0);
    [digit(byte >> 4), digit(byte & 0xF)]
}

/// A UUID of 16 bytes in its five groups.
pub fn uuid(data: &[u8; 16], out: &mut Vec<u8>) {
    let mut groups = [&data[..4], &data[4..6], &data[6..8], &data[8..10], &data[10..]].into_iter();
    if let Some(first) = groups.next() {
        hex(first, out);
    }
    for group in groups {
        out.push(b'-');
        hex(group, out);
    }
}

/// What stands between the quotes of a JSON string, as `JsonUtils` and Jackson escape it.
pub fn escaped(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| is_escaped(*byte)) {
        let (plain, from) = rest.split_at(at);
        out.extend_from_slice(plain);
        if let Some((special, behind)) = from.split_first() {
            escape(*special, out);
            rest = behind;
        }
    }
    out.extend_from_slice(rest);
}

const fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0C => b'f',
        b'\r' => b'r',
        _ => {
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&hex_byte(byte, UPPER_HEX));
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// A JSON string with its quotes.
pub fn quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    escaped(text, out);
    out.push(b'"');
}

/// `number` below 100 in two digits.
fn two(number: u32) -> [u8; 2] {
    [digit(number / 10), digit(number % 10)]
}

fn digit(number: u32) -> u8 {
    let [low, ..] = number.to_le_bytes();
    low.wrapping_add(b'0')
}

/// `number` in as many digits as there are places.
fn padded<const N: usize>(number: u32) -> [u8; N] {
    let mut places = [b'0'; N];
    let mut rest = number;
    for place in places.iter_mut().rev() {
        *place = digit(rest % 10);
        rest /= 10;
    }
    places
}

/// A day in the calendar of today, for any year.
struct Civil {
    year: i64,
    month: u32,
    day: u32,
}

impl Civil {
    /// The day that is `days` after 1970-01-01.
    fn of(days: i64) -> Self {
        let shifted = days.saturating_add(EPOCH_DAY);
        let era = shifted.div_euclid(DAYS_PER_ERA);
        // From the first of March on, so that leap days come last; all of it is positive.
        let day_of_era = u32::try_from(shifted.rem_euclid(DAYS_PER_ERA)).unwrap_or(0);
        let leaps = (day_of_era / 1_460)
            .wrapping_sub(day_of_era / 36_524)
            .wrapping_add(day_of_era / 146_096);
        let year_of_era = day_of_era.wrapping_sub(leaps) / 365;
        let before = year_of_era
            .wrapping_mul(365)
            .wrapping_add(year_of_era / 4)
            .wrapping_sub(year_of_era / 100);
        let day_of_year = day_of_era.wrapping_sub(before);
        let march_month = day_of_year.wrapping_mul(5).wrapping_add(2) / 153;
        let month_start = march_month.wrapping_mul(153).wrapping_add(2) / 5;
        let is_next_year = march_month >= 10;
        let year = i64::from(year_of_era).wrapping_add(era.saturating_mul(400));
        Self {
            year: year.wrapping_add(i64::from(is_next_year)),
            month: if is_next_year {
                march_month.wrapping_sub(9)
            } else {
                march_month.wrapping_add(3)
            },
            day: day_of_year.wrapping_sub(month_start).wrapping_add(1),
        }
    }

    /// Month and day with dashes, such as `-02-29`.
    fn day(&self) -> [u8; 6] {
        let ([a, b], [c, d]) = (two(self.month), two(self.day));
        [b'-', a, b, b'-', c, d]
    }

    /// What is behind the year of a second of the day, such as `-02-29T23:59:59`.
    fn moment(&self, separator: u8, second_of_day: u32) -> [u8; 15] {
        let [a, b, c, d, e, f] = self.day();
        let [g, h, i, j, k, l, m, n] = clock(second_of_day);
        [a, b, c, d, e, f, separator, g, h, i, j, k, l, m, n]
    }
}

/// A year that is not negative: four digits, or a plus sign and more.
fn year(value: i64, out: &mut Vec<u8>) {
    if let Ok(small @ 0..10_000) = u32::try_from(value) {
        out.extend_from_slice(&padded::<4>(small));
    } else {
        out.push(b'+');
        integer(value, out);
    }
}

/// A year with a minus sign and four digits or more where it is negative.
fn signed_year(value: i64, out: &mut Vec<u8>) {
    if value >= 0 {
        year(value, out);
        return;
    }
    out.push(b'-');
    let number = value.unsigned_abs();
    match u32::try_from(number) {
        Ok(small @ 0..10_000) => out.extend_from_slice(&padded::<4>(small)),
        _ => integer(number, out),
    }
}

/// `HH:MM:SS` of a second of a day.
fn clock(second_of_day: u32) -> [u8; 8] {
    let minutes = second_of_day / 60;
    let ([a, b], [c, d], [e, f]) = (two(minutes / 60), two(minutes % 60), two(second_of_day % 60));
    [a, b, b':', c, d, b':', e, f]
}

/// `java.time.Instant.toString` of seconds since 1970 and nanoseconds after them.
pub fn instant(seconds: i64, nanoseconds: u32, out: &mut Vec<u8>) {
    let civil = Civil::of(seconds.div_euclid(SECONDS_PER_DAY));
    signed_year(civil.year, out);
    let second_of_day = u32::try_from(seconds.rem_euclid(SECONDS_PER_DAY)).unwrap_or(0);
    out.extend_from_slice(&civil.moment(b'T', second_of_day));
    if nanoseconds != 0 {
        out.push(b'.');
        if nanoseconds % 1_000_000 == 0 {
            out.extend_from_slice(&padded::<3>(nanoseconds / 1_000_000));
        } else if nanoseconds % 1_000 == 0 {
            out.extend_from_slice(&padded::<6>(nanoseconds / 1_000));
        } else {
            out.extend_from_slice(&padded::<9>(nanoseconds));
        }
    }
    out.push(b'Z');
}

/// Microseconds since 1970 as sstabledump prints them.
///
/// The seconds round toward zero and the nanoseconds are of a saturated product, so that times
/// before 1970 and far in the future come out as Cassandra's `JsonTransformer` prints them.
pub fn write_time(microseconds: i64, out: &mut Vec<u8>) {
    let nanoseconds = microseconds.saturating_mul(1_000).rem_euclid(1_000_000_000);
    instant(microseconds / 1_000_000, u32::try_from(nanoseconds).unwrap_or(0), out);
}

/// Milliseconds since 1970 in UTC; a year before the first one counts back without saying so.
pub fn timestamp(millis: i64, separator: u8, out: &mut Vec<u8>) {
    let civil = Civil::of(millis.div_euclid(MILLIS_PER_DAY));
    let shown = if civil.year > 0 { civil.year } else { 1_i64.saturating_sub(civil.year) };
    year(shown, out);
    let millis = u32::try_from(millis.rem_euclid(MILLIS_PER_DAY)).unwrap_or(0);
    out.extend_from_slice(&civil.moment(separator, millis / 1_000));
    let [a, b, c] = padded(millis % 1_000);
    out.extend_from_slice(&[b'.', a, b, c, b'Z']);
}

/// Days since 1970-01-01 as a date.
pub fn date(days: i64, out: &mut Vec<u8>) {
    let civil = Civil::of(days);
    signed_year(civil.year, out);
    out.extend_from_slice(&civil.day());
}

/// Nanoseconds of a day as a time; false, and nothing, if a day has fewer.
pub fn time(nanoseconds: i64, out: &mut Vec<u8>) -> bool {
    let seconds = nanoseconds.div_euclid(1_000_000_000);
    let Ok(second_of_day @ 0..86_400) = u32::try_from(seconds) else {
        return false;
    };
    out.extend_from_slice(&clock(second_of_day));
    out.push(b'.');
    let rest = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).unwrap_or(0);
    out.extend_from_slice(&padded::<9>(rest));
    true
}

/// A duration such as `1y2mo3d4h5m6s`; nothing for none.
pub fn duration(months: i64, days: i64, nanoseconds: i64, out: &mut Vec<u8>) {
    if months < 0 || days < 0 || nanoseconds < 0 {
        out.push(b'-');
    }
    let mut part = |number: u64, unit: &str| {
        if number != 0 {
            integer(number, out);
            out.extend_from_slice(unit.as_bytes());
        }
    };
    let months = months.unsigned_abs();
    part(months / 12, "y");
    part(months % 12, "mo");
    part(days.unsigned_abs(), "d");
    let nanoseconds = nanoseconds.unsigned_abs();
    part(nanoseconds / 3_600_000_000_000, "h");
    part(nanoseconds / 60_000_000_000 % 60, "m");
    part(nanoseconds / 1_000_000_000 % 60, "s");
    part(nanoseconds / 1_000_000 % 1_000, "ms");
    part(nanoseconds / 1_000 % 1_000, "us");
    part(nanoseconds % 1_000, "ns");
}

/// An address of 4 bytes.
pub fn ipv4(address: [u8; 4], out: &mut Vec<u8>) {
    let [a, rest @ ..] = address;
    integer(a, out);
    for number in rest {
        out.push(b'.');
        integer(number, out);
    }
}

/// An address of 16 bytes as Java prints it: all eight groups, unless it maps one of 4 bytes.
pub fn ipv6(address: [u8; 16], out: &mut Vec<u8>) {
    if let [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d] = address {
        ipv4([a, b, c, d], out);
        return;
    }
    for (at, pair) in address.chunks_exact(2).enumerate() {
        if at > 0 {
            out.push(b':');
        }
        let digits: Vec<u8> = pair.iter().flat_map(|byte| hex_byte(*byte, HEX)).collect();
        let zeros = digits.iter().take(3).take_while(|digit| **digit == b'0').count();
        out.extend_from_slice(digits.get(zeros..).unwrap_or_default());
    }
}
