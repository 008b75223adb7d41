/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* log.h - one line an event on standard error: time, level, event, key=value pairs.
 *
 * Never personal data and never what somebody typed: record types, ids, codes, counts, durations. Control
 * characters are replaced, so a value cannot forge a line. */
#ifndef GRAPPE_LOG_H
#define GRAPPE_LOG_H

#include "fault/fault.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

void log_quieter_than(enum log_level); /* lines below this level are dropped; LOG_INFO at start */
void log_event(enum log_level, const char *event, const char *format, ...) PRINTF_LIKE(3, 4);
void log_fault(const char *event, const struct fault *); /* code and place, not the user's text */

#endif
