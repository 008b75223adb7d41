/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* i18n.h - the interface in the reader's language, without process locales.
 *
 * Messages are written in English in the code; po/fr holds the French, compiled to a sorted table. The
 * language belongs to the thread for the time of a request or a command: code deep down speaks it without
 * being told. */
#ifndef GRAPPE_I18N_H
#define GRAPPE_I18N_H

#include <stdbool.h>
#include <stdint.h>

#include "i18n/language.h"

struct arena;

#define N_(msgid) msgid /* marks a literal that is translated where it is shown */

/* The message in the thread's language; the msgid itself when it is English or not translated.
 * Cost O(log messages). */
const char *tr(const char *msgid) __attribute__((format_arg(1)));
const char *tr_in(enum language, const char *msgid) __attribute__((format_arg(2)));

/* English: 1 is singular. French: 0 and 1 are. The msgids are two entries of the table. */
const char *tr_plural(int64_t count, const char *one, const char *many)
    __attribute__((format_arg(2), format_arg(3)));

/* Numbers as people read them: decimal comma and narrow no-break spaces in French. `decimals` at most are
 * shown, trailing zeros dropped; NaN and UNKNOWN_INTEGER give "". */
char *number_print(struct arena *, double value, int decimals);
char *integer_print(struct arena *, int64_t value);

/* A day as people read it: "22 novembre 2026", "22 November 2026"; brief: "22 nov. 2026", "22 Nov 2026". */
char *day_in_words(struct arena *, int64_t day, bool brief);
char *month_in_words(struct arena *, int64_t day); /* "novembre 2026" */

struct message {
    const char *msgid, *french;
};
extern const struct message message_table[]; /* generated from po/, sorted by msgid */
extern const int message_count;

#endif
