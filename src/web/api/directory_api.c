/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_api.c - the directory for programs: words and facets, rows, counts, places, suggestions. */
#include "directory/directory_map.h"

#include "api/operation.h"
#include "i18n/i18n.h"
#include "pages/directory_view.h"
#include "pages/sheet_answer.h"

/* What is asked. */

static const char *const facet_names[DIRECTORY_FACETS + 1] = {
    [DIRECTORY_PROCESS] = "process",     [DIRECTORY_MATERIAL] = "material",
    [DIRECTORY_COMPONENT] = "component", [DIRECTORY_CERTIFICATION] = "certification",
    [DIRECTORY_MARKET] = "market",       [DIRECTORY_SKILL] = "skill",
    [DIRECTORY_SIZE] = "size",           [DIRECTORY_EPCI] = "epci",
    [DIRECTORY_COMMUNE] = "commune",     [DIRECTORY_KIND] = "kind"};

static const struct {
    const char *name, *page;
} sorts[] = {{"relevance", "pertinence"}, {"name", "nom"}, {"commune", "commune"}, {"size", "taille"}};
static const char *const sort_names[] = {"relevance", "name", "commune", "size", NULL};

struct search_asked {
    const char *q, *sort, *unfold, *format;
    struct values {
        const char **at;
        size_t count;
    } chosen[DIRECTORY_FACETS], term;
    int64_t page, per_page;
};
#define CHOSEN(facet_, name_)                                                                                \
    MEMBER_AS(name_, TEXTS, search_asked, chosen[facet_].at, NULL,                                           \
              COUNTED(search_asked, chosen[facet_].count), .maybe = true)
#define WANTED                                                                                               \
    MEMBER(TEXT, search_asked, q, N_("Words; without, everybody."), .maybe = true),                          \
        CHOSEN(DIRECTORY_PROCESS, "process"), CHOSEN(DIRECTORY_MATERIAL, "material"),                        \
        CHOSEN(DIRECTORY_COMPONENT, "component"), CHOSEN(DIRECTORY_CERTIFICATION, "certification"),          \
        CHOSEN(DIRECTORY_MARKET, "market"), CHOSEN(DIRECTORY_SKILL, "skill"),                                \
        CHOSEN(DIRECTORY_SIZE, "size"), CHOSEN(DIRECTORY_EPCI, "epci"),                                      \
        CHOSEN(DIRECTORY_COMMUNE, "commune"), CHOSEN(DIRECTORY_KIND, "kind"),                                \
        MEMBER_AS("term", TEXTS, search_asked, term.at, N_("Any term, by code or identifier."),              \
                  COUNTED(search_asked, term.count), .maybe = true),                                         \
        MEMBER(TEXT, search_asked, sort, NULL, .names = sort_names, .maybe = true)
static const struct member search_members[] = {
    WANTED,
    MEMBER(TEXT, search_asked, unfold, N_("The facet of which every value is wanted."), .names = facet_names,
           .maybe = true),
    MEMBER(INTEGER, search_asked, page, NULL, .least = 1, .most = 1000000, .maybe = true),
    MEMBER(INTEGER, search_asked, per_page, NULL, .least = 1, .most = DIRECTORY_MOST_PER_PAGE,
           .maybe = true)};
static const struct shape search_shape = SHAPE("search", search_asked, search_members);
static const struct member file_members[] = {WANTED,
                                             MEMBER(TEXT, search_asked, format, NULL, .names = sheet_forms)};
static const struct shape file_shape = SHAPE("file_search", search_asked, file_members);

static void choose(struct directory_request *asked, struct directory_choice *choices, const char *name,
                   const struct values *values)
{
    for (size_t i = 0; i < values->count; i++)
        choices[asked->choice_count++] = (struct directory_choice){name, values->at[i]};
}

static struct directory_request request_of(const struct request *r, const struct search_asked *asked)
{
    struct directory_choice *choices = NEW(r->arena, struct directory_choice, r->query.count + 1);
    struct directory_request d = {
        .query = asked->q, .choices = choices, .page = asked->page, .per_page = asked->per_page};
    for (int i = 0; i < DIRECTORY_FACETS; i++) {
        choose(&d, choices, directory_facets[i].name, &asked->chosen[i]);
        if (asked->unfold && strcmp(asked->unfold, facet_names[i]) == 0)
            d.unfolded = directory_facets[i].name;
    }
    choose(&d, choices, "terme", &asked->term);
    for (size_t i = 0; i < COUNT(sorts); i++)
        if (asked->sort && strcmp(asked->sort, sorts[i].name) == 0)
            d.sort = sorts[i].page;
    return d;
}

/* A refusal names the parameter as it was sent. */
static struct fault *as_sent(struct fault *wrong)
{
    enum directory_facet facet;
    if (!wrong)
        return NULL;
    bool named = directory_facet_named(wrong->field, &facet), term = strcmp(wrong->field, "terme") == 0;
    if (named || term)
        wrong->field[0] = '\0';
    return named || term ? fault_in(named ? facet_names[facet] : "term", wrong) : wrong;
}

static struct fault *search(struct request *r, struct response *answer, struct directory_answer *found,
                            bool *asked)
{
    struct search_asked wanted = {.q = ""};
    *asked = shape_ask(r, answer, &search_shape, &wanted);
    if (!*asked)
        return NULL;
    struct directory_request d = request_of(r, &wanted);
    return as_sent(directory_search(door_of(r), &d, found));
}

/* What is found. */

static const struct member mark_members[] = {MEMBER(TEXT, directory_mark, label, NULL),
                                             MEMBER(FLAG, directory_mark, expired, NULL)};
static const struct shape mark_shape = SHAPE("certificate", directory_mark, mark_members);
struct row_told {
    int64_t id;
    const char *name, *place, *size, *skill;
    size_t more;
    bool closed;
    const struct directory_mark *marks;
    size_t mark_count;
};
static const struct member row_members[] = {
    MEMBER(ID, row_told, id, NULL),
    MEMBER(TEXT, row_told, name, NULL),
    MEMBER(TEXT, row_told, place, NULL, .maybe = true),
    MEMBER(TEXT, row_told, size, NULL, .maybe = true),
    MEMBER(TEXT, row_told, skill, N_("Know-how, or activity in its own words."), .maybe = true),
    MEMBER(COUNT, row_told, more, N_("Know-how not named there.")),
    MEMBER(FLAG, row_told, closed, NULL),
    MEMBER_AS("certificates", LIST, row_told, marks, NULL, .of = &mark_shape, COUNTED(row_told, mark_count))};
static const struct shape row_shape = SHAPE("directory_row", row_told, row_members);
static const struct member value_members[] = {
    MEMBER(TEXT, directory_value, code, NULL), MEMBER(TEXT, directory_value, label, NULL),
    MEMBER(INTEGER, directory_value, count, N_("Results if it were chosen too.")),
    MEMBER(NUMBER, directory_value, depth, NULL), MEMBER(FLAG, directory_value, chosen, NULL)};
static const struct shape value_shape = SHAPE("facet_value", directory_value, value_members);
struct facet_told {
    const char *name, *label;
    const struct directory_value *values;
    size_t count, more;
};
static const struct member facet_members[] = {
    MEMBER(TEXT, facet_told, name, N_("The parameter that chooses a value of it.")),
    MEMBER(LABEL, facet_told, label, NULL),
    MEMBER(LIST, facet_told, values, NULL, .of = &value_shape, COUNTED(facet_told, count)),
    MEMBER(COUNT, facet_told, more, N_("Values with results that are left out: see unfold."))};
static const struct shape facet_shape = SHAPE("facet", facet_told, facet_members);
struct search_told {
    struct row_told *items;
    struct facet_told facets[DIRECTORY_FACETS], *facets_at;
    size_t count, facet_count, total, everybody;
    int64_t page, pages;
};
static const struct member found_members[] = {
    MEMBER(LIST, search_told, items, NULL, .of = &row_shape, COUNTED(search_told, count)),
    MEMBER(COUNT, search_told, total, NULL),
    MEMBER(COUNT, search_told, everybody, N_("Without words and facets.")),
    MEMBER(INTEGER, search_told, page, NULL),
    MEMBER(INTEGER, search_told, pages, NULL),
    MEMBER_AS("facets", LIST, search_told, facets_at, NULL, .of = &facet_shape,
              COUNTED(search_told, facet_count))};
static const struct shape found_shape = SHAPE("directory", search_told, found_members);

/* NULL for a line that says nothing. */
static const char *plain(struct arena *a, const struct text_line *line)
{
    struct buffer *text = buffer_new(a, LIMIT_LONG_TEXT);
    for (size_t i = 0; i < line->count; i++)
        buffer_slice(text, line->pieces[i].text);
    return line->count ? buffer_string(text) : NULL;
}

static struct fault *directory_found(struct request *r, struct response *answer)
{
    struct directory_answer found;
    bool asked = false;
    TRY(search(r, answer, &found, &asked));
    if (!asked)
        return NULL;
    struct search_told told = {.count = found.row_count,
                               .total = found.total,
                               .everybody = found.everybody,
                               .page = found.page,
                               .pages = found.pages};
    told.items = NEW(r->arena, struct row_told, found.row_count + 1);
    for (size_t i = 0; i < found.row_count; i++) {
        const struct directory_row *row = &found.rows[i];
        told.items[i] = (struct row_told){row->entry->organisation.id,
                                          plain(r->arena, &row->name),
                                          row->place,
                                          row->size,
                                          plain(r->arena, &row->skill),
                                          row->more,
                                          row->closed,
                                          row->marks,
                                          row->mark_count};
    }
    told.facets_at = told.facets;
    for (int i = 0; i < DIRECTORY_FACETS; i++)
        told.facets[told.facet_count++] =
            (struct facet_told){facet_names[i], directory_facets[i].label, found.facets[i].at,
                                found.facets[i].count, found.facets[i].more};
    shape_answer(r, answer, &found_shape, &told);
    return NULL;
}

/* Where they are. */

static const struct member site_members[] = {
    MEMBER(TEXT, map_site, name, NULL, .maybe = true),
    MEMBER_AS("organisation", TEXT, map_site, id, NULL, .maybe = true),
    MEMBER_AS("lat", REAL, map_site, at.lat, N_("Degrees north."), .maybe = true),
    MEMBER_AS("lon", REAL, map_site, at.lon, N_("Degrees east."), .maybe = true),
    MEMBER(FLAG, map_site, member, NULL)};
static const struct shape site_shape = SHAPE("map_site", map_site, site_members);
static const struct member sites_members[] = {
    MEMBER_AS("items", LIST, directory_sites, at, NULL, .of = &site_shape, COUNTED(directory_sites, count)),
    MEMBER(COUNT, directory_sites, placed, N_("Organisations with at least one."))};
static const struct shape sites_shape = SHAPE("map", directory_sites, sites_members);

static struct fault *directory_places(struct request *r, struct response *answer)
{
    struct directory_answer found;
    bool asked = false;
    TRY(search(r, answer, &found, &asked));
    if (!asked)
        return NULL;
    struct directory_sites sites = directory_sites_of(r->arena, &found);
    shape_answer(r, answer, &sites_shape, &sites);
    return NULL;
}

/* What a search box proposes. */

struct typed {
    const char *q;
};
static const struct member typed_members[] = {MEMBER(TEXT, typed, q, N_("What was typed so far."))};
static const struct shape typed_shape = SHAPE("typed", typed, typed_members);
static const struct member suggestion_members[] = {
    MEMBER(TEXT, directory_suggestion, label, NULL),
    MEMBER(TEXT, directory_suggestion, hint, NULL, .maybe = true),
    MEMBER(ID, directory_suggestion, organisation, NULL, .maybe = true),
    MEMBER_AS("facet", TEXT, directory_suggestion, facet_name, N_("A filter of the directory: its name"),
              .maybe = true),
    MEMBER_AS("value", TEXT, directory_suggestion, facet_value, N_("and its value."), .maybe = true)};
static const struct shape suggestion_shape = SHAPE("suggestion", directory_suggestion, suggestion_members);
struct suggested {
    struct directory_suggestion *items;
    size_t count;
};
static const struct member suggested_members[] = {
    MEMBER(LIST, suggested, items, NULL, .of = &suggestion_shape, COUNTED(suggested, count))};
static const struct shape suggested_shape = SHAPE("suggestions", suggested, suggested_members);

static struct fault *directory_suggested(struct request *r, struct response *answer)
{
    enum { MOST = 8 };
    struct typed typed = {.q = ""};
    struct suggested told = {0};
    enum directory_facet facet;
    if (!shape_ask(r, answer, &typed_shape, &typed))
        return NULL;
    TRY(directory_suggest(door_of(r), typed.q, MOST, &told.items, &told.count));
    for (size_t i = 0; i < told.count; i++)
        if (told.items[i].facet_name)
            told.items[i].facet_name =
                directory_facet_named(told.items[i].facet_name, &facet) ? facet_names[facet] : "term";
    shape_answer(r, answer, &suggested_shape, &told);
    return NULL;
}

/* As a file. Finding opens none of them: its first page is not what is fetched. */

struct file_wish {
    struct search_asked wanted;
    struct directory_request asked;
    struct directory_answer found;
};

static struct fault *find_all(struct request *r, struct response *answer, struct file_wish *w, bool *good)
{
    *w = (struct file_wish){.wanted.q = ""};
    *good = shape_ask(r, answer, &file_shape, &w->wanted);
    if (!*good)
        return NULL;
    w->asked = request_of(r, &w->wanted);
    door_read_as(door_of(r), READING_NONE);
    return as_sent(directory_search(door_of(r), &w->asked, &w->found));
}

static struct fault *directory_file(struct request *r, struct response *answer)
{
    struct file_wish w;
    bool good;
    TRY(find_all(r, answer, &w, &good));
    if (!good)
        return NULL;
    TRY(sheet_check_short(r, (int64_t)w.found.total));
    return directory_sheet(r, answer, &w.asked, &w.found, sheet_form_named(w.wanted.format));
}

static struct fault *directory_file_ask(struct request *r, struct response *answer)
{
    struct file_wish w;
    bool good;
    TRY(find_all(r, answer, &w, &good));
    return good ? api_job_export(r, answer, tr("Directory")) : NULL;
}

/* The words of the trade, and how often each serves. */

struct term_told {
    int64_t id, parent, retired, count;
    const char *code, *facet, *label;
};
static const struct member term_members[] = {
    MEMBER(ID, term_told, id, NULL),
    MEMBER(TEXT, term_told, code, NULL),
    MEMBER(TEXT, term_told, facet, NULL),
    MEMBER(TEXT, term_told, label, N_("In the language that was asked for.")),
    MEMBER(ID, term_told, parent, N_("The broader term; null: there is none."), .maybe = true),
    MEMBER(DAY, term_told, retired, N_("Since when nobody chooses it any more."), .maybe = true),
    MEMBER(INTEGER, term_told, count, N_("Organisations that have it or a narrower one."))};
static const struct shape term_shape = SHAPE("term_count", term_told, term_members);
struct terms_told {
    struct term_told *items;
    size_t count;
};
static const struct member terms_members[] = {
    MEMBER(LIST, terms_told, items, NULL, .of = &term_shape, COUNTED(terms_told, count))};
static const struct shape terms_shape = SHAPE("terms", terms_told, terms_members);
static const char *const trees[] = {"process",       "material", "component", "market",
                                    "certification", "skill",    NULL};
struct terms_asked {
    const char *facet;
};
static const struct member terms_asked_members[] = {
    MEMBER(TEXT, terms_asked, facet, N_("Of this tree alone."), .names = trees, .maybe = true)};
static const struct shape terms_asked_shape = SHAPE("terms_asked", terms_asked, terms_asked_members);

static struct fault *terms_counted(struct request *r, struct response *answer)
{
    struct terms_asked asked = {0};
    struct terms_told told = {0};
    const struct catalogue *c = NULL;
    if (!shape_ask(r, answer, &terms_asked_shape, &asked))
        return NULL;
    TRY(catalogue_of(door_of(r), &c));
    told.items = NEW(r->arena, struct term_told, c->term_count + 1);
    for (size_t i = 0; i < c->term_count; i++) {
        const struct term *t = &c->terms[i];
        if (!asked.facet || strcmp(t->facet, asked.facet) == 0)
            told.items[told.count++] =
                (struct term_told){t->id,   t->parent, t->retired,   directory_term_count(c, t->id),
                                   t->code, t->facet,  term_label(t)};
    }
    shape_answer(r, answer, &terms_shape, &told);
    return NULL;
}

static const struct api_operation
    file = {.name = "directory_file", .asks = &file_shape, .answers_file = true, .private = true},
    file_ask = {.name = "ask_directory_file",
                .asks = &file_shape,
                .answers = &api_job_asked_shape,
                .status = 202,
                .located = true},
    terms = {.name = "count_terms", .asks = &terms_asked_shape, .answers = &terms_shape},
    find = {.name = "search_directory", .asks = &search_shape, .answers = &found_shape},
    places = {.name = "map_directory", .asks = &search_shape, .answers = &sites_shape},
    suggest = {.name = "suggest", .asks = &typed_shape, .answers = &suggested_shape};

const struct route directory_api_routes[] = {
    {"GET", API_ROOT "/directory", directory_found, .right = ROLES_ANYONE, .api = &find,
     .summary = N_("Organisations by words and facets, with counts")},
    {"GET", API_ROOT "/directory/file", directory_file, .right = ROLES_ANYONE, .slow = "", .api = &file,
     .summary = N_("What the directory finds as a file for spreadsheets")},
    {"POST", API_ROOT "/directory/file", directory_file_ask, .right = ROLES_SIGNED_IN, .writes = true,
     .api = &file_ask, .summary = N_("The same of a long list, as a job")},
    {"GET", API_ROOT "/terms", terms_counted, .right = ROLES_ANYONE, .api = &terms,
     .summary = N_("The words of the trade, and how many organisations each stands for")},
    {"GET", API_ROOT "/directory/map", directory_places, .right = ROLES_ANYONE, .api = &places,
     .summary = N_("Where the organisations found are")},
    {"GET", API_ROOT "/suggestions", directory_suggested, .right = ROLES_ANYONE, .api = &suggest,
     .summary = N_("What the search box proposes")},
};
const size_t directory_api_route_count = COUNT(directory_api_routes);
