/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* upload_room.h - a file that waits, and its report as a text; shared by the steps of an upload. */
#ifndef GRAPPE_UPLOAD_ROOM_H
#define GRAPPE_UPLOAD_ROOM_H

#include "imports/import_room.h"
#include "imports/upload_files.h"

enum { UPLOAD_SMALL_TEXT = 4 * 1024 * 1024 };

/* A file that waits, opened at its first row. */
struct upload_waiting {
    struct upload_place place;
    struct table *file;
    struct import_columns columns;
    const char *name, *encoding, *sheet; /* sheet NULL: a CSV */
    char separator;
    int64_t rows;
};

struct fault *upload_find(struct door *, const char *token, struct upload_waiting *) MUST_CHECK;
struct fault *upload_open_file(struct door *, struct upload_waiting *) MUST_CHECK;
/* Two columns may make one field only where its parts add up, and one must say who a line is about. */
struct fault *upload_check_columns(struct arena *, const struct upload_waiting *) MUST_CHECK;
struct fault *upload_show_columns(struct door *, struct upload_waiting *, struct uploaded *) MUST_CHECK;

/* Text in one line: what is kept is read back line by line. */
const char *upload_one_line(struct arena *, const char *text);
struct slice upload_next_line(struct slice *rest);
int64_t upload_number(struct slice); /* of a line that we wrote: what follows the digits ends them */

/* A report or a preview, and the way back. */
struct fault *upload_result_print(struct arena *, const struct upload_result *,
                                  struct slice *text) MUST_CHECK;
void upload_result_read(struct arena *, struct slice text, struct upload_result *);

#endif
