/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* template.h - what compiled templates call. Only files made by tools/template_compiler.py include this: the
 * compiler has checked that the bytes it passes are markup. */
#ifndef GRAPPE_TEMPLATE_H
#define GRAPPE_TEMPLATE_H

#include "html/encode.h"
#include "html/html.h"
#include "i18n/i18n.h"

static inline void template_static(struct html *h, const char *bytes, size_t count)
{
    append(h->out, bytes, count);
}

/* A translated message with arguments; the whole is escaped. */
#define template_say(h, ...) template_say_(h, "" __VA_ARGS__)
void template_say_(struct html *, const char *msgid, ...) PRINTF_LIKE(2, 3);

/* The same in the form for `count`, which is given once more as the first argument (%lld). */
void template_count(struct html *, int64_t count, const char *one, const char *many, ...) PRINTF_LIKE(3, 5)
    PRINTF_LIKE(4, 5);

#endif
