/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "log/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"

static _Atomic int lowest = LOG_INFO;

void log_quieter_than(enum log_level level)
{
    atomic_store(&lowest, (int)level);
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    if ((int)level < atomic_load(&lowest))
        return;
    char detail[800];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    for (char *p = detail; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            *p = '?';
    ARENA_SCOPE(work);
    char *line = arena_print(work, "%s %s %s%s%s\n", instant_print(work, now_us()), names[level], event,
                             *detail ? " " : "", detail);
    ssize_t written = write(STDERR_FILENO, line, strlen(line)); /* one call: lines of threads do not mix */
    (void)written;
}

void log_fault(const char *event, const struct fault *f)
{
    log_event(f->code == FAULT_BUG || f->code == FAULT_IO || f->code == FAULT_FULL ? LOG_ERROR : LOG_INFO,
              event, "code=%s at=%s:%d", fault_code_name(f->code), f->file, f->line);
}
