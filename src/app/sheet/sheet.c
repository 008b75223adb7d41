/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sheet/sheet.h"

#include "csv/csv.h"

void sheet_start(struct sheet *s, struct buffer *out)
{
    *s = (struct sheet){.out = out, .first = true};
    csv_write_start(out);
}

void sheet_cell(struct sheet *s, const char *text)
{
    csv_write_cell(s->out, text, s->first);
    s->first = false;
}

void sheet_end_row(struct sheet *s)
{
    csv_write_end_row(s->out);
    s->first = true;
}
