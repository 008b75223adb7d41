/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* records_list.c - grappe records list: the records of a type as a CSV, now or as they stood. */
#include <stdio.h>

#include "clock/clock.h"
#include "command.h"
#include "door/door.h"
#include "i18n/i18n.h"
#include "options.h"
#include "rows.h"
#include "sheet/sheet.h"
#include "text/buffer.h"

struct wishes {
    const char *type, *space, *as_of;
};

static struct fault *ask(const struct wishes *w, struct list_request *asked)
{
    int64_t day;
    *asked = (struct list_request){.type = record_type_find(w->type), .per_page = LIMIT_EXPORT_ROWS};
    if (!asked->type)
        return fault(FAULT_NOT_FOUND, "There is no record type \"%.60s\".", w->type);
    if (!w->as_of)
        return NULL;
    if (!day_parse(slice_of(w->as_of), &day))
        return fault_in("as-of",
                        fault(FAULT_INVALID, "\"%.40s\" is no day: 2026-06-30 is expected.", w->as_of));
    asked->as_of = day_start_us(day + 1); /* the whole of that day */
    return NULL;
}

/* The names that ids of a field lead to, "a, b". */
static struct fault *linked_text(struct door *d, const struct field *f, const void *record, const char **text)
{
    bool terms = f->kind == KIND_terms;
    const struct term_list *list = field_in(f, record);
    const int64_t *ids = terms ? list->ids : field_in(f, record);
    size_t count = terms ? list->count : field_known(f, record);
    struct buffer *out = buffer_new(door_arena(d), LIMIT_LONG_TEXT);
    const char **names = NULL;
    TRY(door_names(d, terms ? &term_type : record_type_find(f->to), ids, count, &names));
    for (size_t i = 0; i < count; i++)
        if (names[i])
            buffer_print(out, "%s%s", out->len ? ", " : "", names[i]);
    *text = buffer_string(out);
    return NULL;
}

static struct fault *put_record(struct door *d, struct sheet *sheet, const struct record_type *type,
                                const void *record)
{
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        const char *text = NULL;
        if (f->kind == KIND_ref || f->kind == KIND_terms)
            TRY(linked_text(d, f, record, &text));
        else
            text = value_typed(f, door_arena(d), record);
        sheet_field(sheet, f, record, text);
    }
    sheet_end_row(sheet);
    return NULL;
}

static void close_space(void *space)
{
    space_close(space);
}

static struct fault *run(struct arena *a, int argc, char **argv)
{
    struct wishes w = {0};
    struct list_request asked;
    struct list_page page;
    struct space *space = NULL;
    struct door *d = NULL;
    struct sheet sheet;
    const struct command_option options[] = {{"space", .text = &w.space}, {"as-of", .text = &w.as_of}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&w.type, tr("no record type")}));
    if (!w.space)
        return missing_fault("--space");
    TRY(ask(&w, &asked));
    TRY(space_open(w.space, &space));
    arena_defer(a, close_space, space);
    TRY(door_open_program(space, a, &d));
    door_read_as(d, READING_COMMAND);
    TRY(door_list(d, &asked, &page));
    struct buffer *out = buffer_new(a, LIMIT_COMMAND_MEMORY);
    TRY(sheet_start(&sheet, a, out, SHEET_CSV, asked.type->name));
    for (int i = 0; i < asked.type->count; i++)
        sheet_field_heading(&sheet, a, &asked.type->fields[i]);
    sheet_end_row(&sheet);
    for (size_t i = 0; i < page.count; i++)
        TRY(put_record(d, &sheet, asked.type, (const char *)page.records + i * asked.type->size));
    TRY(sheet_finish(&sheet));
    return answer_print(out);
}

const struct command records_list_command = {
    .name = "records list",
    .summary = N_("Print the records of a type, now or as they stood on a day"),
    .help =
        N_("Usage: grappe records list TYPE --space SPACE.db|postgresql://… [--as-of YYYY-MM-DD]\n\n"
           "A CSV with a column for each field. The names of what records refer to are those of today.\n\n"
           "  --as-of   as they stood at the end of that day, replayed from the journal\n\n"
           "What is not for the whole space is noted as read by a command.\n\n"
           "Example: grappe records list organisation --space federation.db --as-of 2026-06-30"),
    .run = run};
