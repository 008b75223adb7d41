/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* version.h - the tag of a record: its version, and behind a point what distinguishes one answer about it
 * from another ("3.5f2a9c01"), since what it refers to and who looks change it too. If-Match compares
 * versions. */
#ifndef GRAPPE_API_VERSION_H
#define GRAPPE_API_VERSION_H

#include "api/api.h"

/* Without quotes; body: the answer about the record. */
const char *version_tag(struct arena *, const void *record, struct slice body);
/* The header ETag of an answer to a write. */
void version_show(const struct request *, struct response *, const void *record);

/* Loads what is to be changed; *matched false when a problem was answered: no If-Match, or one of another
 * version. DENIED when it is not the viewer's to change. */
struct fault *version_load(struct request *, struct response *, const struct record_type *, void *record,
                           field_mask *shown, bool *matched) MUST_CHECK;

/* What a failed save is answered: a conflict is a stale version when somebody was quicker between our reading
 * and our writing. */
struct fault *version_stale(struct request *, struct response *, const struct record_type *, int64_t version,
                            struct fault *failed) MUST_CHECK;

#endif
