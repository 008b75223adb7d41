/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fault.c - the per-thread slot that faults live in. */
#include "fault/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "i18n/i18n.h"

static _Thread_local struct fault slot;

struct fault *fault_raise(enum fault_code code, const char *file, int line, const char *format, ...)
{
    /* Built aside first: an argument may well be the text of the fault being replaced. */
    char text[sizeof slot.text];
    va_list arguments;
    va_start(arguments, format);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* a translation of a literal; po files are checked */
    (void)vsnprintf(text, sizeof text, tr(format), arguments);
#pragma GCC diagnostic pop
    va_end(arguments);
    slot = (struct fault){.code = code, .file = file, .line = line};
    (void)snprintf(slot.text, sizeof slot.text, "%s", text);
    return &slot;
}

void fault_name_field(struct fault *raised, const char *field)
{
    if (!raised->field[0])
        (void)snprintf(raised->field, sizeof raised->field, "%s", field);
}

struct fault *fault_again(const struct fault *kept)
{
    slot = *kept;
    return &slot;
}

const char *fault_code_name(enum fault_code code)
{
    static const char *const names[] = {[FAULT_INVALID] = "invalid",   [FAULT_NOT_FOUND] = "not_found",
                                        [FAULT_CONFLICT] = "conflict", [FAULT_DENIED] = "denied",
                                        [FAULT_LIMIT] = "limit",       [FAULT_IO] = "io",
                                        [FAULT_FULL] = "full",         [FAULT_BUG] = "bug"};
    return names[code];
}
