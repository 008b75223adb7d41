/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* clock.h - the one source of time, days of the calendar, and identifiers ordered by time.
 *
 * Instants are UTC microseconds since 1970; days are ISO 8601 dates, counted from 1970-01-01. Tests hold the
 * clock. Durations inside the program use monotonic_us(). */
#ifndef GRAPPE_CLOCK_H
#define GRAPPE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "text/slice.h"

struct arena;

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)

int64_t now_us(void);
int64_t monotonic_us(void);
int64_t cpu_us(void);           /* CPU time of the process */
void clock_hold(int64_t at_us); /* tests: time stands still; 0 lets it run again */

/* 64-bit, positive, ever increasing in this process, ordered by time across processes to the millisecond. */
int64_t new_id(void);
/* The smallest identifier that can be made at an instant, and the instant of one, to the millisecond. */
int64_t id_at(int64_t at_us);
int64_t id_instant_us(int64_t id);

int64_t day_of(int year, int month, int day); /* proleptic Gregorian; no check */
void day_split(int64_t day, int *year, int *month, int *day_of_month);
int64_t today(void);                                /* in Europe/Paris: the day the users see */
int64_t local_seconds(int64_t at_us);               /* since 1970 by the clocks of Paris: days of 86400 */
int64_t day_at(int64_t at_us);                      /* on which an instant falls there */
int64_t day_start_us(int64_t day);                  /* its first instant there */
bool day_parse(struct slice iso, int64_t *day);     /* exactly YYYY-MM-DD, an existing date of 1800..2200 */
/* From a day to a day, both included; one that is not known sets no bound. */
bool day_within(int64_t day, int64_t since, int64_t until);
char *day_print(struct arena *, int64_t day);       /* YYYY-MM-DD */
char *instant_print(struct arena *, int64_t at_us); /* 2026-11-22T15:04:05Z */

#endif
