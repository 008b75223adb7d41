/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record_table.c - a list of records whose whole state is its address: filters, order, columns, page. */
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/record_view.h"
#include "pages/sheet_answer.h"
#include "templates.h"

enum { MOST_PER_PAGE = LIMIT_LIST_ROWS };

static bool is_number(const struct field *f)
{
    return f->kind == KIND_integer || f->kind == KIND_real || f->kind == KIND_measure ||
           f->kind == KIND_interval;
}

static bool column_asked(const struct request *r, const struct field *f)
{
    bool any = false;
    for (size_t i = 0; i < r->query.count; i++)
        if (strcmp(r->query.at[i].name, "col") == 0) {
            any = true;
            if (strcmp(r->query.at[i].value, f->name) == 0)
                return true;
        }
    return !any && f->listed;
}

/* Sorting by a column starts ascending, then turns. */
static void sort_of(const struct request *r, struct record_list_view *v, struct column_view *c)
{
    const char *usual = v->type->name_field && !v->type->newest_first ? v->type->name_field : "";
    const char *sort = v->sort ? v->sort : usual;
    bool descending = *sort == '-';
    bool current = strcmp(sort + descending, c->field->name) == 0;
    if (c->field->kind == KIND_terms || c->field->kind == KIND_longtext)
        return;
    char *turned = arena_print(r->arena, "%s%s", current && !descending ? "-" : "", c->field->name);
    c->sort_href = url_with(r->arena, url_with(r->arena, r->target, "page", NULL), "tri", turned);
    c->aria_sort = current ? (descending ? "descending" : "ascending") : NULL;
}

static void columns_of(const struct request *r, struct record_list_view *v)
{
    const struct viewer *viewer = door_viewer(door_of(r));
    bool first = true;
    for (int i = 0; i < v->type->count; i++) {
        const struct field *f = &v->type->fields[i];
        if (f->kind == KIND_longtext && !column_asked(r, f) && v->type == &outline_type)
            continue;
        struct column_view c = {
            .field = f, .label = tr(f->label), .shown = column_asked(r, f), .number = is_number(f)};
        c.heads = c.shown && (first || (v->type->name_field && strcmp(f->name, v->type->name_field) == 0));
        first &= !c.shown;
        if (field_listable(f, viewer))
            sort_of(r, v, &c);
        v->columns[v->column_count++] = c;
    }
}

static size_t count_choices(const struct choice *c)
{
    size_t count = 0;
    while (c && c[count].code)
        count++;
    return count;
}

/* One filter for the name and each listed choice, flag-like or short field. */
static void filters_of(const struct request *r, struct record_list_view *v)
{
    const struct viewer *viewer = door_viewer(door_of(r));
    for (int i = 0; i < v->type->count; i++) {
        const struct field *f = &v->type->fields[i];
        bool name = v->type->name_field && strcmp(f->name, v->type->name_field) == 0;
        bool useful = name || (f->kind == KIND_choice && (f->listed || f->choices != visibility_choices)) ||
                      (f->kind == KIND_text && f->listed);
        if (useful && field_listable(f, viewer))
            v->filters[v->filter_count++] = (struct filter_view){.field = f,
                                                                 .name = f->name,
                                                                 .label = tr(f->label),
                                                                 .value = param(&r->query, f->name),
                                                                 .choices = f->choices,
                                                                 .choice_count = count_choices(f->choices)};
    }
}

/* Every query parameter that names a field filters; the reserved ones do not. */
static size_t requested_filters(const struct request *r, struct list_filter *filters)
{
    static const char *const reserved[] = {"tri", "page", "par", "col", "format", "le"};
    size_t count = 0;
    for (size_t i = 0; i < r->query.count; i++) {
        const struct param *p = &r->query.at[i];
        bool skip = !*p->value;
        for (size_t k = 0; k < COUNT(reserved); k++)
            skip |= strcmp(p->name, reserved[k]) == 0;
        if (!skip)
            filters[count++] = (struct list_filter){p->name, p->value};
    }
    return count;
}

static void pages_of(const struct request *r, struct record_list_view *v)
{
    const struct list_page *p = v->page;
    struct arena *a = r->arena;
    v->pager = pager_of(a, r->target, p);
    v->choose_size = p->total > page_sizes[0];
    v->announce = arena_print(a, tr_plural(p->total, "%s record", "%s records"), integer_print(a, p->total));
}

/* What was asked of the list, for the second sheet: each filter in words, the order, the count. */
static void note_request(const struct request *r, struct sheet *sheet, const struct record_list_view *v)
{
    struct list_filter *filters = NEW(r->arena, struct list_filter, r->query.count + 1);
    size_t count = requested_filters(r, filters);
    for (size_t i = 0; i < count; i++) {
        const char *dot = strchr(filters[i].field, '.');
        const char *name = arena_text(r->arena, filters[i].field,
                                      dot ? (size_t)(dot - filters[i].field) : strlen(filters[i].field));
        const struct field *f = field_find(v->type, name);
        sheet_note(sheet,
                   arena_print(r->arena, "%s%s%s%s", tr("Filter"), tr(": "), f ? tr(f->label) : name,
                               dot ? dot : ""),
                   f && f->kind == KIND_choice ? choice_label(f, filters[i].text) : filters[i].text);
    }
    const char *sort = v->sort ? v->sort : "";
    const struct field *by = field_find(v->type, sort + (*sort == '-'));
    if (by)
        sheet_note(sheet, tr("Order"),
                   arena_print(r->arena, *sort == '-' ? tr("%s, descending") : "%s", tr(by->label)));
    if (v->as_of.at_us)
        sheet_note(sheet, tr("As of"), day_print(r->arena, v->as_of.day));
    sheet_note(sheet, tr("Rows"), integer_print(r->arena, (int64_t)v->page->count));
}

/* What is on the screen. */
static field_mask shown_fields(const struct record_list_view *v)
{
    field_mask shown = 0;
    for (size_t c = 0; c < v->column_count; c++)
        if (v->columns[c].shown)
            shown |= (field_mask)1 << (v->columns[c].field - v->type->fields);
    return shown;
}

/* Exactly the rows' filters and the columns on the screen; every page of them. */
static struct fault *write_sheet(struct request *r, struct response *answer, const struct record_list_view *v,
                                 enum sheet_form form)
{
    struct sheet sheet;
    TRY(sheet_start(&sheet, r->arena, answer->body, form, v->heading));
    TRY(sheet_records(r, &sheet, v->type, shown_fields(v), v->page, v->names));
    TRY(note_source(r, &sheet, v->heading));
    note_request(r, &sheet, v);
    return sheet_send(&sheet, answer, form, v->type->name);
}

static struct fault *load_records(struct request *r, struct record_list_view *v,
                                  const struct list_request *asked)
{
    struct list_page *page = NEW(r->arena, struct list_page, 1);
    struct names *names = NULL;
    TRY(door_list(door_of(r), asked, page));
    v->page = page;
    TRY(names_load(door_of(r), v->type, shown_fields(v), page->records, page->count, &names));
    v->names = names;
    return NULL;
}

static struct markup put_rows(struct html *h, const struct record_list_view *v)
{
    for (size_t i = 0; i < v->page->count; i++)
        record_row(h, v, (const void *)((const char *)v->page->records + i * v->type->size));
    return html_done(h);
}

/* Draws the rows, for this page and for the next time it is asked for. */
static struct fault *draw_rows(struct request *r, struct record_list_view *v,
                               const struct list_request *asked)
{
    struct arena *drawn = arena_new(LIMIT_REQUEST_MEMORY);
    struct kept_table table = {*v->page, put_rows(html_new(drawn, LIMIT_RESPONSE), v)};
    v->rows = table.rows;
    return kept_table_add(door_of(r), asked, shown_fields(v), drawn, &table);
}

static struct fault *load_rows(struct request *r, struct record_list_view *v,
                               const struct list_request *asked)
{
    struct kept_table *kept = NEW(r->arena, struct kept_table, 1);
    bool found = false;
    if (asked->as_of) { /* seldom asked for twice */
        TRY(load_records(r, v, asked));
        v->rows = put_rows(html_new(r->arena, LIMIT_RESPONSE), v);
        return NULL;
    }
    TRY(kept_table_find(door_of(r), asked, shown_fields(v), kept, &found));
    if (!found) {
        TRY(load_records(r, v, asked));
        return draw_rows(r, v, asked);
    }
    v->page = &kept->page;
    v->rows = kept->rows;
    return NULL;
}

/* All rows for a file. If they are too many to wait for, one is enough to say so, and opens none. */
static struct fault *load_whole(struct request *r, struct record_list_view *v, struct list_request *asked)
{
    asked->page = asked->per_page = 1;
    if (sheet_is_long(r, LIMIT_EXPORT_ROWS)) {
        TRY(load_records(r, v, asked));
        if (sheet_is_long(r, v->page->total))
            return NULL;
    }
    asked->per_page = LIMIT_EXPORT_ROWS;
    door_read_as(door_of(r), READING_EXPORT);
    return load_records(r, v, asked);
}

static struct fault *load_page(struct request *r, struct record_list_view *v, bool whole)
{
    struct list_filter *filters = NEW(r->arena, struct list_filter, r->query.count + 1);
    struct list_request asked = {
        .type = v->type, .filters = filters, .sort = v->sort, .skip = ~shown_fields(v)};
    int64_t per_page = strtoll(param_text(&r->query, "par"), NULL, 10);
    asked.filter_count = requested_filters(r, filters);
    asked.page = strtoll(param_text(&r->query, "page"), NULL, 10);
    asked.per_page = per_page > 0 && per_page <= MOST_PER_PAGE ? per_page : RECORDS_PER_PAGE;
    TRY(as_of_of(r, &v->as_of));
    if (v->as_of.at_us) {
        asked.as_of = v->as_of.at_us;
        asked.skip = 0;
    }
    if (whole)
        return load_whole(r, v, &asked);
    struct fault *bad = load_rows(r, v, &asked);
    if (bad && bad->code == FAULT_INVALID) {
        v->error = arena_print(r->arena, "%s", bad->text);
        v->page = NEW(r->arena, struct list_page, 1);
        return NULL;
    }
    return bad;
}

struct fault *record_list_draw(struct request *r, struct response *answer, const struct record_type *type)
{
    enum sheet_form form = sheet_form_named(param(&r->query, "format"));
    struct record_list_view v = {.type = type, .heading = tr(type->plural), .sort = param(&r->query, "tri")};
    v.lede = type->purpose ? tr(type->purpose) : NULL;
    v.past = viewer_signed_in(door_viewer(door_of(r)));
    columns_of(r, &v);
    TRY(load_page(r, &v, form != SHEET_NONE));
    if (form && sheet_is_long(r, v.page->total))
        return sheet_offer(r, answer, v.heading, v.page->total);
    if (form)
        return write_sheet(r, answer, &v, form);
    if (v.error)
        answer->status = 422;
    filters_of(r, &v);
    pages_of(r, &v);
    const char *whole = url_with(r->arena, r->target, "page", NULL);
    v.csv_href = url_with(r->arena, whole, "format", "csv");
    v.xlsx_href = url_with(r->arena, whole, "format", "xlsx");
    if (door_may_create(door_of(r), type) && !type_hangs(type)) /* else on the page of what it hangs on */
        v.new_href = arena_print(r->arena, "/fiches/%s/nouvelle", type->name);
    v.frame = frame_of(r, answer, v.heading, "/fiches");
    record_list_page(answer->html, &v);
    return NULL;
}
