/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* contents.h - the bytes of documents, each content once under its SHA-256, in parts that a walk can hold. */
#ifndef GRAPPE_CONTENTS_H
#define GRAPPE_CONTENTS_H

#include "db/db.h"
#include "text/slice.h"

enum { CONTENT_NAME = 64 }; /* hexadecimal digits */

struct dialect;
void contents_define(struct buffer *sql, const struct dialect *);

/* The name of a content. */
void content_name(struct slice bytes, char name[CONTENT_NAME + 1]);
/* Keeps it, if it is not there. */
struct fault *content_keep(struct transaction *, const char *name, struct slice bytes) MUST_CHECK;
/* All of it, in the arena. NOT_FOUND when there is none. */
struct fault *content_load(struct connection *, struct arena *, const char *name, struct slice *) MUST_CHECK;
/* Bytes that the documents of an organisation take, without those removed before then: all versions, each as often
 * as it was given. */
struct fault *contents_given(struct connection *, int64_t organisation, int64_t removed_before_us,
                             int64_t *bytes) MUST_CHECK;
/* Drops the contents that nothing names any more but documents removed before then. Cost O(versions). */
struct fault *contents_drop(struct transaction *, int64_t removed_before_us, int64_t *parts) MUST_CHECK;
/* Are the bytes of all versions of a document here? */
struct fault *contents_whole(struct connection *, int64_t document, bool *whole) MUST_CHECK;
/* Each is what its name says, and each version of a document that stands has one: INVALID naming it. *count:
 * contents. */
struct fault *contents_verify(struct connection *, int64_t *count) MUST_CHECK;

#endif
