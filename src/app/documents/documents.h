/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* documents.h - files on records: given, given anew, fetched.
 *
 * A document is a record like others; its versions are records that nobody writes but by giving a file, and
 * that are seen where the document is. See docs/decisions/0022-documents.md. */
#ifndef GRAPPE_DOCUMENTS_H
#define GRAPPE_DOCUMENTS_H

#include "door/door.h"
#include "text/slice.h"

/* A new version of a document the viewer may write; the ones before stay. INVALID naming "file" for a file of
 * another kind than those taken, or that is not what its name says; LIMIT beyond LIMIT_DOCUMENT, or when all of its
 * organisation would be beyond LIMIT_DOCUMENTS. In the open transaction, or in one of its own. */
struct fault *document_give(struct door *, int64_t document, const char *file_name, struct slice bytes,
                            struct document_version *made) MUST_CHECK;

/* A document and its first version together; a title that is unknown is the file's name. */
struct fault *document_add(struct door *, struct document *, const char *file_name, struct slice bytes) MUST_CHECK;

/* What a version holds, for whoever may see it; noted in the read log whatever its level. */
struct fault *document_fetch(struct door *, int64_t version, struct document_version *, const char **type,
                             struct slice *bytes) MUST_CHECK;

/* The newest version of each of some documents, as far as the viewer may see it (id 0: none), in their order. One
 * statement; cost O(versions). */
struct fault *documents_newest(struct door *, const int64_t *documents, size_t count,
                               struct document_version **) MUST_CHECK;

#endif
