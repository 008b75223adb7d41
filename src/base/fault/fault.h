/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fault.h - how every fallible function says what went wrong.
 *
 * A function returns NULL on success, or a fault held in a slot of the calling thread: nothing to free, no
 * out-of-memory case. The slot is overwritten by the thread's next fault, so read it before calling on. */
#ifndef GRAPPE_FAULT_H
#define GRAPPE_FAULT_H

#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum fault_code {
    FAULT_INVALID,   /* what was given is wrong: the text says which field, line or column */
    FAULT_NOT_FOUND, /* no such thing, or none that this person may see */
    FAULT_CONFLICT,  /* somebody else changed it, or it exists already */
    FAULT_DENIED,    /* known person, not allowed */
    FAULT_LIMIT,     /* over a ceiling of limits.h */
    FAULT_IO,        /* disk, network, database */
    FAULT_FULL,      /* no room left on the disk */
    FAULT_BUG,       /* ours */
};

struct fault {
    enum fault_code code;
    char text[768];   /* for the user, in the thread's language */
    char field[64];   /* the record field or column concerned, or "" */
    const char *file; /* where it was raised, for the log */
    int line;
};

struct fault *fault_raise(enum fault_code, const char *file, int line, const char *format, ...)
    PRINTF_LIKE(4, 5); /* never NULL */

static inline struct fault *fault_raised(struct fault *f) /* tells the analyzer so */
{
    if (!f)
        __builtin_unreachable();
    return f;
}

/* The format is a msgid (xgettext knows `fault`), translated to the thread's language. Only a literal
 * compiles. */
#define fault(code, ...) fault_raised(fault_raise(code, __FILE__, __LINE__, "" __VA_ARGS__))

void fault_name_field(struct fault *, const char *field); /* unless it has one */

/* Names the field a fault is about; passes NULL through, so it wraps a call: return fault_in("siren",
 * f(x)). */
MUST_CHECK static inline struct fault *fault_in(const char *field, struct fault *raised)
{
    if (raised)
        fault_name_field(raised, field);
    return raised;
}

/* A kept copy, raised again: for code that cleaned up in between. */
struct fault *fault_again(const struct fault *kept) MUST_CHECK;

/* "invalid", "not_found" …: for logs and JSON. */
const char *fault_code_name(enum fault_code);

#define TRY(call)                                                                                            \
    do {                                                                                                     \
        struct fault *try_fault_ = (call);                                                                   \
        if (try_fault_)                                                                                      \
            return try_fault_;                                                                               \
    } while (0)

#endif
