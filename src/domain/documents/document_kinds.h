/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* document_kinds.h - which files may be given: by their name and by what they hold, both. */
#ifndef GRAPPE_DOCUMENT_KINDS_H
#define GRAPPE_DOCUMENT_KINDS_H

#include "fault/fault.h"
#include "text/slice.h"

struct document_kind {
    const char *ending; /* of the name, without its point */
    const char *type;   /* as it is sent */
    bool (*holds)(struct slice bytes);
};

/* The kind of a file. INVALID naming "file" when its name has another ending than those of the list, or its
 * bytes are not what the ending says; macros are refused. Pure. Cost O(bytes). */
struct fault *document_kind_of(const char *file_name, struct slice bytes,
                               const struct document_kind **) MUST_CHECK;

/* "pdf, png, …": for people, and for the accept of a form (".pdf,.png,…"). */
extern const struct document_kind document_kinds[];
extern const size_t document_kind_count;

#endif
