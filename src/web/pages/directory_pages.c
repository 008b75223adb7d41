/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_pages.c - the directory: who can do this? Its whole state is its address. */
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/directory_view.h"
#include "pages/sheet_answer.h"
#include "templates.h"
#include "text/json.h"

static void read_request(const struct request *r, struct directory_request *asked)
{
    struct directory_choice *choices = NEW(r->arena, struct directory_choice, r->query.count + 1);
    enum directory_facet facet;
    *asked = (struct directory_request){.choices = choices};
    asked->query = param_text(&r->query, "q");
    asked->sort = param(&r->query, "tri");
    asked->unfolded = param(&r->query, "facette");
    asked->page = strtoll(param_text(&r->query, "page"), NULL, 10);
    asked->per_page = strtoll(param_text(&r->query, "par"), NULL, 10);
    for (size_t i = 0; i < r->query.count; i++) {
        const struct param *p = &r->query.at[i];
        if (strcmp(p->name, "terme") == 0 || directory_facet_named(p->name, &facet))
            choices[asked->choice_count++] = (struct directory_choice){p->name, p->value};
    }
}

static const char *organisations(struct arena *a, size_t count)
{
    return arena_print(a, tr_plural((int64_t)count, "%s organisation", "%s organisations"),
                       integer_print(a, (int64_t)count));
}

/* Links start over on the first page. */
static char *from_start(const struct request *r)
{
    return url_with(r->arena, r->target, "page", NULL);
}

static void fill_facets(const struct request *r, const struct directory_request *asked,
                        struct directory_view *v)
{
    /* The order in which people narrow down: what, of what, with what proof, where, how large. */
    static const enum directory_facet shown[] = {
        DIRECTORY_PROCESS,   DIRECTORY_MATERIAL, DIRECTORY_CERTIFICATION, DIRECTORY_EPCI, DIRECTORY_COMMUNE,
        DIRECTORY_COMPONENT, DIRECTORY_MARKET,   DIRECTORY_SIZE,          DIRECTORY_KIND, DIRECTORY_SKILL};
    _Static_assert(COUNT(shown) == DIRECTORY_FACETS, "every facet has its place");
    for (size_t i = 0; i < COUNT(shown); i++) {
        const struct directory_facet_rule *rule = &directory_facets[shown[i]];
        const struct directory_values *values = &v->answer->facets[shown[i]];
        bool unfolded = asked->unfolded && strcmp(asked->unfolded, rule->name) == 0;
        if (!values->count)
            continue;
        struct facet_view *f = &v->facets[v->facet_count++];
        *f = (struct facet_view){
            .rule = rule, .label = tr(rule->label), .values = values, .unfolded = unfolded};
        f->id = arena_print(r->arena, "facet-%s", rule->name);
        f->open = rule->open || values->chosen || unfolded;
        if (unfolded || values->more)
            f->more_href =
                arena_print(r->arena, "%s#facettes",
                            url_with(r->arena, from_start(r), "facette", unfolded ? NULL : rule->name));
    }
}

static void fill_active(const struct request *r, struct directory_view *v)
{
    const struct directory_answer *answer = v->answer;
    struct active_view *active = NEW(r->arena, struct active_view, answer->filter_count + 1);
    for (size_t i = 0; i < answer->filter_count; i++) {
        const struct directory_filter *f = &answer->filters[i];
        active[i] = (struct active_view){.label = f->label,
                                         .facet = tr(directory_facets[f->facet].label),
                                         .href = url_without(r->arena, from_start(r), f->name, f->value),
                                         .without = f->without};
    }
    v->active = active;
    v->active_count = answer->filter_count;
    if (*v->query)
        v->without_query_href = url_with(r->arena, from_start(r), "q", NULL);
}

static const struct {
    const char *name, *label;
} sorts[] = {
    {"pertinence", N_("relevance")}, {"nom", N_("name")}, {"commune", N_("commune")}, {"taille", N_("size")}};

static const char *sort_label(size_t i, const char *query)
{
    return tr(i == 0 && !*query ? N_("fullest profiles") : sorts[i].label);
}

static void fill_sorts(const struct request *r, struct directory_view *v)
{
    for (size_t i = 0; i < COUNT(sorts); i++) {
        bool current = strcmp(v->answer->sort, sorts[i].name) == 0;
        v->sorts[v->sort_count++] = (struct sort_view){
            sort_label(i, v->query),
            current ? NULL : url_with(r->arena, from_start(r), "tri", i ? sorts[i].name : NULL)};
    }
}

/* First, last, and those around the current one; gaps between. */
static void fill_pages(const struct request *r, struct directory_view *v)
{
    const struct directory_answer *answer = v->answer;
    struct page_link *links = NEW(r->arena, struct page_link, 12);
    struct arena *a = r->arena;
    int64_t first = (answer->page - 1) * answer->per_page + 1, before = 0;
    for (int64_t n = 1; n <= answer->pages; n++) {
        bool near = n >= answer->page - 1 && n <= answer->page + 1;
        if (n > 1 && n < answer->pages && !near)
            continue;
        if (n > before + 1)
            links[v->page_count++] = (struct page_link){0};
        const char *href =
            n == 1 ? from_start(r) : url_with(a, r->target, "page", arena_print(a, "%lld", (long long)n));
        links[v->page_count++] = (struct page_link){n, n == answer->page ? NULL : href};
        before = n;
    }
    v->pages = links;
    v->range = arena_print(a, tr("%s to %s of %s"), integer_print(a, first),
                           integer_print(a, first + (int64_t)answer->row_count - 1),
                           integer_print(a, (int64_t)answer->total));
}

static void fill_acts(const struct request *r, struct directory_view *v)
{
    struct arena *a = r->arena;
    v->table_href = "/fiches/organisation";
    if (v->answer->total && !v->error)
        v->csv_href = url_with(a, from_start(r), "format", "csv");
    if (v->csv_href)
        v->xlsx_href = url_with(a, from_start(r), "format", "xlsx");
    if (need_type.readers & r->visitor.roles)
        v->need_href = *v->query ? url(a, "/besoins/nouveau?texte=%s", v->query) : "/besoins/nouveau";
    if (*v->query && (note_type.readers & r->visitor.roles))
        v->notes_href = url(a, "/notes-et-documents?q=%s", v->query);
    if (door_may_create(door_of(r), &organisation_type))
        v->new_href = "/fiches/organisation/nouvelle";
}

static void fill_view(const struct request *r, const struct directory_request *asked,
                      struct directory_view *v)
{
    v->query = asked->query;
    v->sort = asked->sort;
    v->unfolded = asked->unfolded;
    v->choose_size = !v->error && v->answer->total > (size_t)page_sizes[0];
    v->heading = v->error ? tr("Results") : organisations(r->arena, v->answer->total);
    v->lede = arena_print(r->arena, tr("%s, their know-how, their machines: who can do what, and where."),
                          organisations(r->arena, v->answer->everybody));
    fill_facets(r, asked, v);
    fill_active(r, v);
    fill_sorts(r, v);
    fill_pages(r, v);
    fill_acts(r, v);
    v->map = directory_map(r->arena, v->answer, &v->sites);
}

static void line_cell(struct sheet *sheet, struct arena *a, const struct text_line *line)
{
    struct buffer *text = buffer_new(a, LIMIT_LONG_TEXT);
    for (size_t i = 0; i < line->count; i++)
        buffer_slice(text, line->pieces[i].text);
    sheet_cell(sheet, buffer_string(text));
}

static void note_search(const struct request *r, struct sheet *sheet, const struct directory_request *asked,
                        const struct directory_answer *found)
{
    if (*asked->query)
        sheet_note(sheet, tr("Words searched"), asked->query);
    for (size_t i = 0; i < found->filter_count; i++)
        sheet_note(sheet,
                   arena_print(r->arena, "%s%s%s", tr("Filter"), tr(": "),
                               tr(directory_facets[found->filters[i].facet].label)),
                   found->filters[i].label);
    for (size_t i = 0; i < COUNT(sorts); i++)
        if (strcmp(sorts[i].name, found->sort) == 0)
            sheet_note(sheet, tr("Order"), sort_label(i, asked->query));
    sheet_note(sheet, tr("Rows"), integer_print(r->arena, (int64_t)found->total));
}

/* What the rows show, of every page. */
struct fault *directory_sheet(const struct request *r, struct response *answer,
                              const struct directory_request *asked, const struct directory_answer *found,
                              enum sheet_form form)
{
    static const char *const heads[] = {N_("Name"),     N_("Commune"),      N_("Headcount"),
                                        N_("Know-how"), N_("Certificates"), N_("Closed")};
    const struct directory_row *rows = NULL;
    struct sheet sheet;
    door_read_as(door_of(r), READING_EXPORT);
    TRY(directory_rows(door_of(r), asked, found, 0, found->total, &rows));
    TRY(sheet_start(&sheet, r->arena, answer->body, form, tr("Directory")));
    for (size_t i = 0; i < COUNT(heads); i++)
        sheet_cell(&sheet, tr(heads[i]));
    sheet_end_row(&sheet);
    for (size_t i = 0; i < found->total; i++) {
        struct buffer *marks = buffer_new(r->arena, LIMIT_LONG_TEXT);
        for (size_t k = 0; k < rows[i].mark_count; k++) {
            buffer_text(marks, k ? ", " : "");
            buffer_print(marks, rows[i].marks[k].expired ? tr("%s (expired)") : "%s", rows[i].marks[k].label);
        }
        line_cell(&sheet, r->arena, &rows[i].name);
        sheet_cell(&sheet, rows[i].place ? rows[i].place : "");
        sheet_cell(&sheet, rows[i].size ? rows[i].size : "");
        line_cell(&sheet, r->arena, &rows[i].skill);
        sheet_cell(&sheet, buffer_string(marks));
        if (rows[i].closed)
            sheet_flag(&sheet, true, tr("yes"));
        else
            sheet_cell(&sheet, "");
        sheet_end_row(&sheet);
        TRY(sheet_step(r, i, found->total));
    }
    TRY(note_source(r, &sheet, tr("Directory")));
    note_search(r, &sheet, asked, found);
    return sheet_send(&sheet, answer, form, "annuaire");
}

static struct fault *directory_show(struct request *r, struct response *answer)
{
    static const struct directory_look look = {directory_row_part, facet_values_draw};
    enum sheet_form form = sheet_form_named(param(&r->query, "format"));
    struct directory_request asked;
    struct directory_answer found;
    struct directory_view v = {.answer = &found};
    read_request(r, &asked);
    asked.look = form ? NULL : &look;
    struct fault *bad = directory_search(door_of(r), &asked, &found);
    if (bad && (bad->code != FAULT_INVALID || form))
        return bad;
    if (bad) { /* the page says what is wrong with its address, around the whole directory */
        v.error = arena_print(r->arena, "%s", bad->text);
        answer->status = 422;
        asked = (struct directory_request){.query = "", .look = &look};
        TRY(directory_search(door_of(r), &asked, &found));
    }
    if (form && sheet_is_long(r, (int64_t)found.total))
        return sheet_offer(r, answer, tr("Directory"), (int64_t)found.total);
    if (form)
        return directory_sheet(r, answer, &asked, &found, form);
    fill_view(r, &asked, &v);
    v.frame = frame_of(r, answer, tr("Directory"), "/annuaire");
    directory_page(answer->html, &v);
    return NULL;
}

void text_line_draw(struct html *h, const struct text_line *line)
{
    for (size_t i = 0; i < line->count; i++)
        if (line->pieces[i].matched) {
            html(h, "<mark>");
            html_slice(h, line->pieces[i].text);
            html(h, "</mark>");
        } else {
            html_slice(h, line->pieces[i].text);
        }
}

void facet_values_draw(struct html *h, const struct directory_facet_rule *rule,
                       const struct directory_values *values)
{
    int depth = 0;
    for (size_t i = 0; i < values->count; i++) {
        const struct directory_value *v = &values->at[i];
        for (; depth < v->depth; depth++)
            html(h, "<div class=\"facet-tree\">");
        for (; depth > v->depth; depth--)
            html(h, "</div>");
        html(h, "<label><input type=\"checkbox\" form=\"chercher\" name=\"%s\" id=\"f-%s-%s\" value=\"%s\"",
             rule->name, rule->name, v->code, v->code);
        if (v->chosen)
            html(h, " checked");
        html(h, "> <span>%s</span> <span class=\"count\">%lld</span></label>", v->label, (long long)v->count);
    }
    for (; depth > 0; depth--)
        html(h, "</div>");
}

static struct fault *suggestions_show(struct request *r, struct response *answer)
{
    enum { MOST = 8 };
    struct directory_suggestion *found = NULL;
    size_t count = 0;
    TRY(directory_suggest(door_of(r), param_text(&r->query, "q"), MOST, &found, &count));
    struct json j = json_writer(answer->body);
    json_begin_array(&j);
    for (size_t i = 0; i < count; i++) {
        const struct directory_suggestion *s = &found[i];
        json_begin_object(&j);
        json_put_key(&j, "label");
        json_put_text(&j, s->label);
        json_put_key(&j, "hint");
        json_put_text(&j, s->hint);
        json_put_key(&j, "url");
        json_put_text(&j, s->organisation
                              ? arena_print(r->arena, "/structures/%lld", (long long)s->organisation)
                              : url(r->arena, "/annuaire?%s=%s", s->facet_name, s->facet_value));
        json_end(&j);
    }
    json_end(&j);
    answer->type = "application/json";
    return NULL;
}

const struct route directory_routes[] = {
    {"GET", "/annuaire", directory_show, .right = ROLES_ANYONE, .slow = "format", .version = page_version,
     .summary = N_("The directory: words, facets, map; as a page, CSV or workbook")},
    {"GET", "/suggestions", suggestions_show, .right = ROLES_ANYONE, .version = page_version,
     .summary = N_("What the search box proposes")},
};
const size_t directory_route_count = COUNT(directory_routes);
