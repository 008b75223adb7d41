/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "clock/clock.h"

#include <stdatomic.h>
#include <time.h>

#include "arena/arena.h"
#include "number/checked.h"

static _Atomic int64_t held_us;

static int64_t read_clock(clockid_t which)
{
    struct timespec t;
    (void)clock_gettime(which, &t);
    return (int64_t)t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t now_us(void)
{
    int64_t held = atomic_load(&held_us);
    return held ? held : read_clock(CLOCK_REALTIME);
}

int64_t monotonic_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t cpu_us(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

void clock_hold(int64_t at_us)
{
    atomic_store(&held_us, at_us);
}

int64_t id_at(int64_t at_us)
{
    return (at_us / 1000) << 20;
}

int64_t id_instant_us(int64_t id)
{
    return (id >> 20) * 1000;
}

int64_t new_id(void)
{
    /* Milliseconds in the upper bits, a counter below; a clock that steps back or stands still only counts
     * on. The counter starts at the process's own microseconds, so two processes in one millisecond rarely
     * meet. */
    static _Atomic int64_t last;
    int64_t fresh = id_at(now_us()) | (read_clock(CLOCK_MONOTONIC) & 0x3FF) << 10;
    int64_t seen = atomic_load(&last);
    int64_t next;
    do
        next = fresh > seen ? fresh : seen + 1;
    while (!atomic_compare_exchange_weak(&last, &seen, next));
    return next;
}

/* Days from civil and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
int64_t day_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void day_split(int64_t day, int *year, int *month, int *day_of_month)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day_of_month = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

/* The last Sunday of March or October, as a day. */
static int64_t last_sunday(int year, int month)
{
    int64_t end = day_of(year, month, 31);
    return end - (end + 4) % 7;
}

/* How far the clocks of Europe/Paris are ahead, in seconds. */
static int64_t ahead(int64_t seconds)
{
    int year, month, day;
    day_split(seconds / 86400, &year, &month, &day);
    int64_t summer = last_sunday(year, 3) * 86400 + 3600, winter = last_sunday(year, 10) * 86400 + 3600;
    return seconds >= summer && seconds < winter ? 7200 : 3600;
}

int64_t local_seconds(int64_t at_us)
{
    int64_t seconds = at_us / SECOND_US;
    return seconds + ahead(seconds);
}

int64_t day_at(int64_t at_us)
{
    return local_seconds(at_us) / 86400;
}

int64_t today(void)
{
    return day_at(now_us());
}

int64_t day_start_us(int64_t day)
{
    int64_t midnight = day * 86400;
    return (midnight - ahead(midnight - 3600)) * SECOND_US; /* no clock is changed at midnight */
}

static bool digits(const char *p, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
        *value = *value * 10 + (p[i] - '0');
    }
    return true;
}

bool day_parse(struct slice iso, int64_t *day)
{
    int y, m, d, y2, m2, d2;
    if (iso.len != 10 || iso.ptr[4] != '-' || iso.ptr[7] != '-' || !digits(iso.ptr, 4, &y) ||
        !digits(iso.ptr + 5, 2, &m) || !digits(iso.ptr + 8, 2, &d) || y < 1800 || y > 2200 || m < 1 || m > 12)
        return false;
    *day = day_of(y, m, d);
    day_split(*day, &y2, &m2, &d2);
    return y == y2 && m == m2 && d == d2;
}

bool day_within(int64_t day, int64_t since, int64_t until)
{
    return (!known_integer(since) || since <= day) && (!known_integer(until) || until >= day);
}

/* Written by hand: every line of the log and every date of a list is one. */
static char *digits_put(char *at, int value, int count, char after)
{
    for (int i = count - 1; i >= 0; i--, value /= 10)
        at[i] = (char)('0' + value % 10);
    at[count] = after;
    return at + count + 1;
}

static char *day_put(char *at, int64_t day, char after)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return digits_put(digits_put(digits_put(at, y, 4, '-'), m, 2, '-'), d, 2, after);
}

char *day_print(struct arena *a, int64_t day)
{
    char *text = NEW(a, char, sizeof "2026-11-22");
    (void)day_put(text, day, '\0');
    return text;
}

char *instant_print(struct arena *a, int64_t at_us)
{
    int64_t seconds = at_us / SECOND_US;
    int rest = (int)(seconds % 86400);
    char *text = NEW(a, char, sizeof "2026-11-22T15:04:05Z"), *at = day_put(text, seconds / 86400, 'T');
    at = digits_put(digits_put(at, rest / 3600, 2, ':'), rest / 60 % 60, 2, ':');
    (void)digits_put(at, rest % 60, 2, 'Z');
    return text;
}
