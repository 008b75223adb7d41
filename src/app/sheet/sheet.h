/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sheet.h - a table written for spreadsheets: what a list shows, as CSV that French ones open. */
#ifndef GRAPPE_SHEET_H
#define GRAPPE_SHEET_H

#include <stdbool.h>

struct buffer;

struct sheet {
    struct buffer *out;
    bool first;
};

void sheet_start(struct sheet *, struct buffer *);
void sheet_cell(struct sheet *, const char *text);
void sheet_end_row(struct sheet *);

#endif
