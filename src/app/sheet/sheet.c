/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sheet/sheet.h"

#include <string.h>

#include "arena/arena.h"
#include "csv/csv.h"
#include "i18n/i18n.h"
#include "xlsx/xlsx_write.h"

#define NANOMETRES_A_MM 1e6

static const struct {
    const char *suffix, *type;
} forms[] = {
    [SHEET_NONE] = {"", ""},
    [SHEET_CSV] = {".csv", "text/csv; charset=utf-8"},
    [SHEET_XLSX] = {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
};
const char *const sheet_forms[] = {[SHEET_CSV - 1] = "csv", [SHEET_XLSX - 1] = "xlsx", NULL};

enum sheet_form sheet_form_named(const char *name)
{
    for (int i = 0; name && sheet_forms[i]; i++)
        if (strcmp(sheet_forms[i], name) == 0)
            return (enum sheet_form)(SHEET_CSV + i);
    return SHEET_NONE;
}

const char *sheet_suffix(enum sheet_form form)
{
    return forms[form].suffix;
}

const char *sheet_type(enum sheet_form form)
{
    return forms[form].type;
}

struct fault *sheet_start(struct sheet *s, struct arena *a, struct buffer *out, enum sheet_form form,
                          const char *title)
{
    *s = (struct sheet){.out = out, .first = true};
    if (form == SHEET_XLSX)
        return xlsx_write_start(a, title, &s->book);
    csv_write_start(out);
    return NULL;
}

struct fault *sheet_finish(struct sheet *s)
{
    return s->book ? xlsx_write_finish(s->book, s->out) : NULL;
}

void sheet_cell(struct sheet *s, const char *text)
{
    if (s->book)
        xlsx_write_text(s->book, text);
    else
        csv_write_cell(s->out, text, s->first);
    s->first = false;
}

void sheet_flag(struct sheet *s, bool flag, const char *text)
{
    if (s->book)
        xlsx_write_flag(s->book, flag);
    else
        sheet_cell(s, text);
}

void sheet_end_row(struct sheet *s)
{
    if (s->book)
        xlsx_write_end_row(s->book);
    else
        csv_write_end_row(s->out);
    s->first = true;
}

void sheet_note(struct sheet *s, const char *label, const char *text)
{
    if (s->book)
        xlsx_write_note(s->book, label, text);
}

/* --- fields ---------------------------------------------------------------------------------------- */

static const char *unit_of(const struct field *f)
{
    if (f->kind == KIND_measure)
        return "mm";
    return (f->kind == KIND_integer || f->kind == KIND_real) && f->unit ? tr(f->unit) : NULL;
}

void sheet_field_heading(struct sheet *s, struct arena *a, const struct field *f)
{
    const char *unit = s->book ? unit_of(f) : NULL;
    sheet_cell(s, unit ? arena_print(a, "%s (%s)", tr(f->label), unit) : tr(f->label));
}

/* A whole number that a double holds: one that does not is kept as text. */
static bool exact(int64_t value)
{
    const int64_t most = INT64_C(1) << 53;
    return value <= most && value >= -most;
}

void sheet_field(struct sheet *s, const struct field *f, const void *record, const char *text)
{
    const void *at = field_in(f, record);
    if (!s->book || !*text) {
        sheet_cell(s, text);
        return;
    }
    switch (f->kind) {
    case KIND_integer:
        if (exact(*(const int64_t *)at))
            xlsx_write_number(s->book, (double)*(const int64_t *)at);
        else
            xlsx_write_text(s->book, text);
        return;
    case KIND_real:
        xlsx_write_number(s->book, *(const double *)at);
        return;
    case KIND_measure:
        xlsx_write_number(s->book, (double)*(const int64_t *)at / NANOMETRES_A_MM);
        return;
    case KIND_flag:
        xlsx_write_flag(s->book, *(const enum flag *)at == FLAG_YES);
        return;
    case KIND_date:
        xlsx_write_day(s->book, *(const int64_t *)at);
        return;
    case KIND_text:
    case KIND_longtext:
    case KIND_interval:
    case KIND_choice:
    case KIND_ref:
    case KIND_terms:
        xlsx_write_text(s->book, text);
        return;
    }
}
