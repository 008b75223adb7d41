/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* upload_files.h - uploads/SPACE/TOKEN/ on disk: small texts beside the file; the inside of this room. */
#ifndef GRAPPE_UPLOAD_FILES_H
#define GRAPPE_UPLOAD_FILES_H

#include "imports/uploads.h"

enum { UPLOAD_TOKEN = 32 }; /* 128 random bits in hexadecimal */

struct upload_place {
    const char *token;
    const char *folder, *content, *about, *mapping, *report;
    const char *preview, *job; /* job: the number of the one that imports it */
};

/* A new place, its folders made. */
struct fault *upload_place_new(struct door *, struct upload_place *) MUST_CHECK;
/* NOT_FOUND when the token is none, or its place is gone or too old. */
struct fault *upload_place_find(struct door *, const char *token, struct upload_place *) MUST_CHECK;
void upload_place_remove(const struct upload_place *);

/* Removes what is too old, and counts the files that wait. */
size_t upload_files_sweep(struct arena *, const struct space *);

/* Held by one thread of one process at a time, until upload_unlock(). */
struct fault *upload_lock(const struct upload_place *, int *held) MUST_CHECK;
void upload_unlock(int held);

#endif
