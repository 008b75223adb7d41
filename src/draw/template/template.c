/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "template/template.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The format is a translation, whose directives the catalogue compiler has compared with the msgid's. */
static void say(struct html *h, const char *format, va_list arguments)
{
    char small[512], *text = small;
    va_list again;
    va_copy(again, arguments);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    int length = vsnprintf(small, sizeof small, format, arguments);
    if (length >= (int)sizeof small) {
        text = malloc((size_t)length + 1);
        if (!text)
            abort();
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
#pragma GCC diagnostic pop
    va_end(again);
    if (length > 0)
        html_slice(h, (struct slice){text, (size_t)length});
    if (text != small)
        free(text);
}

void template_say_(struct html *h, const char *msgid, ...)
{
    va_list arguments;
    va_start(arguments, msgid);
    say(h, tr(msgid), arguments);
    va_end(arguments);
}

void template_count(struct html *h, int64_t count, const char *one, const char *many, ...)
{
    va_list arguments;
    va_start(arguments, many);
    say(h, tr_plural(count, one, many), arguments);
    va_end(arguments);
}
