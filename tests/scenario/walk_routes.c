/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* walk_routes.c - which addresses a walk asks: from the table of routes and the descriptions of records
 * alone. */
#include <stdlib.h>
#include <string.h>

#include "api/operation.h"
#include "api/schema.h"
#include "catalogue/catalogue.h"
#include "directory/directory.h"
#include "html/html.h"
#include "router/match.h"
#include "scenario/walk.h"
#include "test.h"
#include "text/json.h"

enum { HIDDEN_WORDS = 10, SHOWN_WORDS = 8, FOREIGN_FEW = 6 };
static const int64_t absent_id = INT64_C(4242424242424242);

/* What fills the parts of a path. */
struct filling {
    const char *type;
    int64_t id;
    const char *text;
};

static bool part_of(const char **at, struct slice *part)
{
    const char *open = strchr(*at, '{');
    if (!open)
        return false;
    *part = (struct slice){open + 1, strcspn(open + 1, "}")};
    *at = open + 1 + part->len + 1;
    return true;
}

/* What parts a pattern has. */
struct parts {
    bool type, id, text;
};

static struct parts parts_of(const char *pattern)
{
    struct parts found = {0};
    struct slice part;
    while (part_of(&pattern, &part)) {
        if (slice_equal(part, S("type")))
            found.type = true;
        else if (part_is_integer(part))
            found.id = true;
        else
            found.text = true;
    }
    return found;
}

static const char *filled(struct arena *a, const char *pattern, const struct filling *with)
{
    struct buffer *out = buffer_new(a, LIMIT_URL);
    struct slice part;
    for (const char *from = pattern, *at = pattern;; from = at) {
        if (!part_of(&at, &part)) {
            buffer_text(out, from);
            return buffer_string(out);
        }
        buffer_add(out, from, (size_t)(part.ptr - 1 - from));
        if (slice_equal(part, S("type")))
            buffer_text(out, with->type);
        else if (part_is_integer(part))
            buffer_integer(out, with->id);
        else
            buffer_text(out, with->text);
    }
}

static bool passed_over(struct walk *w)
{
    return w->sparse && w->rota++ % 3;
}

static int ask(struct walk *w, const struct who *who, const char *target)
{
    return walk_ask(w, who, target, NULL);
}

/* The next hidden (or shown) word in turn: over a whole walk every type and field comes up. */
static const char *word_in_turn(struct walk *w, const struct who *who, bool shown)
{
    const struct world *world = w->world;
    for (size_t tried = 0; tried < world->canary_count; tried++) {
        const struct canary *c = &world->canaries[w->turn++ % world->canary_count];
        const struct thing *t = &world->things[c->thing];
        if (may_see_field(world, who, t, &t->type->fields[c->field]) == shown)
            return c->word;
    }
    return NULL;
}

/* --- queries --------------------------------------------------------------------------------------- */

/* What joins another parameter to an address. */
static char mark_of(const char *path)
{
    return strchr(path, '?') ? '&' : '?';
}

/* A page that answers differently to words it knows is asked for every hidden one, the others for a few. */
static void ask_words(struct walk *w, const struct who *who, const char *path)
{
    ARENA_SCOPE(a);
    const char mark = mark_of(path);
    bool searches = false;
    ask(w, who, arena_print(a, "%s%cq=yqxxxxxxx", path, mark));
    size_t nothing = w->length, hidden = HIDDEN_WORDS;
    for (int i = 0; i < SHOWN_WORDS; i++) {
        ask(w, who, arena_print(a, "%s%cq=%s", path, mark, word_in_turn(w, who, true)));
        searches |= w->length != nothing;
    }
    if (searches)
        hidden = w->world->canary_count;
    for (size_t i = 0; i < hidden; i++) {
        const struct canary *c = &w->world->canaries[searches ? i : w->turn++ % w->world->canary_count];
        const struct thing *t = &w->world->things[c->thing];
        if (may_see_field(w->world, who, t, &t->type->fields[c->field]))
            continue;
        ask(w, who, arena_print(a, "%s%cq=%s", path, mark, c->word));
        if (i % 16 == 0) {
            ask(w, who, arena_print(a, "%s%cq=%.5s", path, mark, c->word));
            ask(w, who,
                arena_print(a, "%s%cq=%.7sb%s&format=csv", path, mark, c->word,
                            c->word + 8)); /* a letter wrong */
        }
    }
}

/* Every query that some page of the program understands, put to every page without a number in its path. */
static void ask_queries(struct walk *w, const struct who *who, const char *path)
{
    static const char *const queries[] = {"tri=nom",
                                          "tri=-nom",
                                          "tri=commune",
                                          "tri=taille",
                                          "tri=pertinence",
                                          "par=3",
                                          "par=3&page=2",
                                          "page=99",
                                          "format=csv",
                                          "format=csv&tri=commune",
                                          "le=2199-12-31",
                                          "etat=open",
                                          "etat=draft",
                                          "q=yq",
                                          "q=y&format=csv",
                                          "format=xlsx&tri=commune",
                                          "q=y&format=xlsx",
                                          "arbre=material",
                                          "arbre=certification",
                                          "texte=per%C3%A7age",
                                          "retour=/annuaire",
                                          "w_process=60&w_material=10"};
    ARENA_SCOPE(a);
    for (size_t i = 0; i < COUNT(queries); i++)
        ask(w, who, arena_print(a, "%s?%s", path, queries[i]));
    for (int i = 0; i < DIRECTORY_FACETS; i++) {
        ask(w, who, arena_print(a, "%s?facette=%s", path, directory_facets[i].name));
        const char *word = word_in_turn(w, who, false);
        if (word)
            ask(w, who, arena_print(a, "%s?%s=%s", path, directory_facets[i].name, word));
    }
    for (size_t i = 0; i < w->world->count; i++)
        if (w->world->things[i].type == &term_type || w->world->things[i].type == &organisation_type)
            ask(w, who,
                arena_print(a, "%s?terme=%lld&structure=%lld", path, (long long)w->world->things[i].id,
                            (long long)w->world->things[i].id));
    ask_words(w, who, path);
}

/* Some record of the type on which the field is known and the role may (not) see it; NULL: there is none. */
static const void *record_with(struct walk *w, const struct who *who, const struct record_type *type,
                               const struct field *f, bool shown)
{
    const struct world *world = w->world;
    size_t from = w->turn++ % world->count;
    for (size_t k = 0; k < world->count; k++) {
        const struct thing *t = &world->things[(from + k) % world->count];
        if (t->type == type && field_known(f, t->record) && may_see_field(world, who, t, f) == shown)
            return t->record;
    }
    return NULL;
}

static const char *value_of(struct walk *w, struct arena *a, const struct who *who,
                            const struct record_type *type, const struct field *f, bool shown)
{
    const void *record = record_with(w, who, type, f, shown);
    return record ? value_typed(f, a, record) : NULL;
}

static void ask_field(struct walk *w, const struct who *who, const char *path, const struct record_type *type,
                      const struct field *f)
{
    static const char *const parts[] = {"", ".min", ".max"};
    ARENA_SCOPE(a);
    ask(w, who, arena_print(a, "%s?tri=%s&col=%s", path, f->name, f->name));
    ask(w, who, arena_print(a, "%s?tri=-%s&par=4&page=2", path, f->name));
    ask(w, who, arena_print(a, "%s?%s.known=1&col=%s", path, f->name, f->name));
    ask(w, who, arena_print(a, "%s?%s.unknown=1&format=csv", path, f->name));
    for (int shown = 0; shown < 2; shown++) {
        const char *value = value_of(w, a, who, type, f, shown);
        for (size_t i = 0; value && i < COUNT(parts) - (size_t)shown * 2; i++)
            ask(w, who, url_with(a, path, arena_print(a, "%s%s", f->name, parts[i]), value));
    }
    if (f->kind == KIND_ref)
        for (size_t i = 0; i < w->world->count; i++)
            if (strcmp(w->world->things[i].type->name, f->to) == 0)
                ask(w, who, arena_print(a, "%s?%s=%lld", path, f->name, (long long)w->world->things[i].id));
}

static void ask_type(struct walk *w, const struct who *who, const char *path, const struct record_type *type)
{
    ARENA_SCOPE(a);
    const char *columns = "";
    for (int i = 0; i < type->count; i++)
        columns = arena_print(a, "%s&col=%s", columns, type->fields[i].name);
    ask(w, who, path);
    ask(w, who, arena_print(a, "%s?par=200%s", path, columns));
    ask(w, who, arena_print(a, "%s?format=csv%s", path, columns));
    ask(w, who, arena_print(a, "%s?format=xlsx%s", path, columns));
    ask(w, who, arena_print(a, "%s?page=99", path));
    ask(w, who, arena_print(a, "%s?le=2199-12-31&par=200%s", path, columns)); /* the past, up to now */
    ask(w, who, arena_print(a, "%s?le=2199-12-31&format=csv%s", path, columns));
    for (size_t i = 0; i < w->world->count; i++)
        if (w->world->things[i].type == type)
            ask(w, who, arena_print(a, "%s/%lld?le=2199-12-31", path, (long long)w->world->things[i].id));
    for (int i = 0; i < type->count; i++)
        if (!passed_over(w))
            ask_field(w, who, path, type, &type->fields[i]);
}

/* --- the API --------------------------------------------------------------------------------------- */

/* As a program writes a value into a filter. */
static const char *plain_of(struct walk *w, struct arena *a, const struct who *who,
                            const struct record_type *type, const struct field *f, bool shown)
{
    const void *record = record_with(w, who, type, f, shown);
    if (record && f->kind == KIND_interval)
        return arena_print(a, "%lld", (long long)((const struct interval *)field_in(f, record))->lo);
    return record ? value_plain(f, a, record) : NULL;
}

static void ask_api_field(struct walk *w, const struct who *who, const char *path,
                          const struct record_type *type, const struct field *f)
{
    static const char *const parts[] = {"", ".is", ".min", ".max"};
    enum { PAGES = 3 };
    ARENA_SCOPE(a);
    ask(w, who, arena_print(a, "%s?sort=-%s&limit=4", path, f->name));
    for (int i = 1; i < PAGES && walk_on(w, who); i++)
        ;
    ask(w, who, arena_print(a, "%s?sort=%s&fields=%s&limit=200", path, f->name, f->name));
    ask(w, who, arena_print(a, "%s?%s.known=1", path, f->name));
    ask(w, who, arena_print(a, "%s?%s.unknown=1&fields=%s", path, f->name, f->name));
    for (int shown = 0; shown < 2; shown++) {
        const char *value = plain_of(w, a, who, type, f, shown);
        for (size_t i = 0; value && i < COUNT(parts) - (size_t)shown * 2; i++)
            ask(w, who, url_with(a, path, arena_print(a, "%s%s", f->name, parts[i]), value));
    }
    if (f->kind == KIND_ref)
        for (size_t i = 0; i < w->world->count; i += 3)
            if (strcmp(w->world->things[i].type->name, f->to) == 0)
                ask(w, who, arena_print(a, "%s?%s=%lld", path, f->name, (long long)w->world->things[i].id));
}

static void ask_api_type(struct walk *w, const struct who *who, const char *path,
                         const struct record_type *type)
{
    ARENA_SCOPE(a);
    ask(w, who, arena_print(a, "%s?limit=200", path));
    ask(w, who, arena_print(a, "%s?cursor=MQ", path));
    ask(w, who, arena_print(a, "%s?as_of=2199-12-31&limit=4", path)); /* the past, up to now */
    while (walk_on(w, who))
        ;
    for (size_t i = 0; i < w->world->count; i++)
        if (w->world->things[i].type == type)
            ask(w, who, arena_print(a, "%s/%lld?as_of=2199-12-31", path, (long long)w->world->things[i].id));
    for (int i = 0; i < type->count; i++)
        if (!passed_over(w))
            ask_api_field(w, who, path, type, &type->fields[i]);
}

/* A list as a file: every field as order and as column. */
static void ask_api_file(struct walk *w, const struct who *who, const char *path,
                         const struct record_type *type)
{
    ARENA_SCOPE(a);
    ask(w, who, path);
    ask(w, who, arena_print(a, "%s?format=csv", path));
    ask(w, who, arena_print(a, "%s?format=xlsx", path));
    ask(w, who, arena_print(a, "%s?format=csv&as_of=2199-12-31", path));
    for (int i = 0; i < type->count; i++) {
        const char *field = type->fields[i].name;
        if (passed_over(w))
            continue;
        ask(w, who, arena_print(a, "%s?format=csv&sort=-%s&fields=%s", path, field, field));
        ask(w, who, arena_print(a, "%s?format=xlsx&%s.known=1&fields=%s", path, field, field));
    }
}

/* What the directory and the feed understand, as a program asks it. */
static void ask_api_queries(struct walk *w, const struct who *who, const char *path)
{
    static const char *const queries[] = {
        "sort=name", "sort=size&per_page=3", "sort=commune&page=2&per_page=3",
        "page=99",   "unfold=process",       "file=x"};
    static const char *const facets[] = {"process", "commune", "kind", "term"};
    ARENA_SCOPE(a);
    const char mark = mark_of(path);
    for (size_t i = 0; i < COUNT(queries); i++)
        ask(w, who, arena_print(a, "%s%c%s", path, mark, queries[i]));
    for (size_t i = 0; i < COUNT(facets); i++) {
        const char *word = word_in_turn(w, who, false);
        if (word)
            ask(w, who, arena_print(a, "%s%c%s=%s", path, mark, facets[i], word));
    }
    for (size_t i = 0; i < w->world->count; i++)
        if (w->world->things[i].type == &term_type || w->world->things[i].type == &organisation_type ||
            w->world->things[i].type == &person_type)
            ask(w, who,
                arena_print(a, "%s%c%s=%lld", path, mark, w->world->things[i].type->name,
                            (long long)w->world->things[i].id));
    ask(w, who, arena_print(a, "%s%climit=3", path, mark));
    while (walk_on(w, who))
        ;
    ask_words(w, who, path);
}

/* A question as long as one likes: a text with a hidden word in it, and one with a shown one. */
static void ask_question(struct walk *w, const struct who *who, const char *path)
{
    for (int i = 0; i < HIDDEN_WORDS; i++) {
        ARENA_SCOPE(a);
        const char *word = word_in_turn(w, who, i % 2 == 0);
        word = word ? word : "x";
        walk_ask(w, who, arena_print(a, "%s?q=%s", path, word), /* named there, so that its echo is no leak */
                 arena_print(a, "{\"text\":\"Percer du laiton, 0,8 mm, %s\"}", word));
    }
}

/* --- reading --------------------------------------------------------------------------------------- */

static void read_types(struct walk *w, const struct who *who, const char *pattern)
{
    ARENA_SCOPE(a);
    for (int i = 0; i < record_type_count; i++) {
        const struct record_type *type = all_record_types[i];
        const char *path = filled(a, pattern, &(struct filling){.type = type->name});
        if (path_is_api(path) && strcmp(strrchr(path, '/'), "/file") == 0)
            ask_api_file(w, who, path, type);
        else if (path_is_api(path))
            ask_api_type(w, who, path, type);
        else
            ask_type(w, who, path, type);
    }
    ask(w, who, filled(a, pattern, &(struct filling){.type = "nothing"}));
}

static void read_records(struct walk *w, const struct who *who, const char *pattern)
{
    ARENA_SCOPE(a);
    for (size_t i = 0; i < w->world->count; i++) {
        const struct thing *t = &w->world->things[i];
        const struct record_type *other = all_record_types[i % (size_t)record_type_count];
        ask(w, who, filled(a, pattern, &(struct filling){t->type->name, t->id, NULL}));
        if (i % 9 == 0)
            ask(w, who, filled(a, pattern, &(struct filling){other->name, t->id, NULL}));
        if (i % 9 == 0)
            ask(w, who, filled(a, pattern, &(struct filling){t->type->name, absent_id, NULL}));
    }
}

/* A path whose type only its page knows: the types that answer are walked whole, of the others a few. */
static void read_ids(struct walk *w, const struct who *who, const char *pattern)
{
    ARENA_SCOPE(a);
    const struct record_type *type = NULL;
    int few = 0;
    for (size_t i = 0; i < w->world->count; i++) {
        const struct thing *t = &w->world->things[i];
        few = t->type == type ? few + 1 : 0;
        type = t->type;
        if (few >= FOREIGN_FEW)
            continue;
        const char *target = filled(a, pattern, &(struct filling){.id = t->id});
        if (ask(w, who, target) != 404)
            few = -1;
        if (few < 0 && i % 5 == 0)
            ask(w, who, arena_print(a, "%s?w_process=90&w_material=5&q=%.4s", target, "yqbc"));
    }
    ask(w, who, filled(a, pattern, &(struct filling){.id = absent_id}));
}

static bool left_out(const struct walk *w, const struct route *route)
{
    return w->only && !strstr(route->path, w->only);
}

void walk_reads(struct walk *w, struct who *who)
{
    size_t count = 0;
    const struct route *const *routes = router_routes(w->router, &count);
    for (size_t i = 0; i < count; i++) {
        ARENA_SCOPE(a);
        const char *path = routes[i]->path;
        struct parts has = parts_of(path);
        if (routes[i]->writes || left_out(w, routes[i]))
            continue;
        if (routes[i]->question)
            ask_question(w, who, path);
        else if (has.text)
            for (int k = 0; k < 3; k++)
                ask(w, who,
                    filled(a, path,
                           &(struct filling){"organisation", absent_id,
                                             k ? word_in_turn(w, who, k == 1) : "x"}));
        else if (has.type && has.id)
            read_records(w, who, path);
        else if (has.type)
            read_types(w, who, path);
        else if (has.id)
            read_ids(w, who, path);
        else {
            bool file = path_is_api(path) && strcmp(strrchr(path, '/'), "/file") == 0;
            ask(w, who, path);
            (path_is_api(path) ? ask_api_queries
                               : ask_queries)(w, who, file ? arena_print(a, "%s?format=csv", path) : path);
        }
    }
}

/* Two records of each type that the role may see. */
static void poll_records(struct walk *w, const struct who *who, const char *pattern)
{
    enum { EACH = 2 };
    const struct record_type *type = NULL;
    int asked = 0;
    for (size_t i = 0; i < w->world->count; i++) {
        ARENA_SCOPE(a);
        const struct thing *t = &w->world->things[i];
        asked = t->type == type ? asked : 0;
        type = t->type;
        if (asked < EACH && may_see_record(w->world, who, t)) {
            walk_poll(w, who, filled(a, pattern, &(struct filling){type->name, t->id, NULL}));
            asked++;
        }
    }
}

void walk_polls(struct walk *w, struct who *who)
{
    size_t count = 0;
    const struct route *const *routes = router_routes(w->router, &count);
    for (size_t i = 0; i < count; i++) {
        ARENA_SCOPE(a);
        const char *path = routes[i]->path;
        struct parts has = parts_of(path);
        if (strcmp(routes[i]->method, "GET") != 0 || has.text || left_out(w, routes[i]))
            continue;
        if (has.id)
            poll_records(w, who, path);
        for (int k = 0; has.type && !has.id && k < record_type_count; k++)
            walk_poll(w, who, filled(a, path, &(struct filling){.type = all_record_types[k]->name}));
        if (!has.id && !has.type)
            walk_poll(w, who, path);
    }
}

/* --- writing --------------------------------------------------------------------------------------- */

static int64_t generation_of(const struct walk *w)
{
    ARENA_SCOPE(a);
    struct door *d = NULL;
    int64_t generation = 0;
    assert_ok(door_open_program(world_space(w->world, "whole"), a, &d));
    assert_ok(door_generation(d, &generation));
    return generation;
}

static const char *form_for(struct walk *w, struct arena *a, int64_t organisation)
{
    return arena_print(
        a,
        "version=1&name=taken&title=taken&text=taken&label=taken&facet=process&code=taken&state="
        "open&role=facilitator&"
        "visibility=public&key=volume&value=12&email=a%%40b.example&password=wrong&persona=%lld&"
        "organisation=%lld&"
        "person=%lld&file=x&type=x&source=x&mapping=x&level=commune&certification_add=",
        (long long)w->world->who[WHO_MEMBER].person, (long long)organisation,
        (long long)w->world->who[WHO_MEMBER].person);
}

/* An object of the type with what is needed, seen by everybody; each field can be read. */
static const char *object_for(struct walk *w, struct arena *a, const struct record_type *type,
                              int64_t organisation)
{
    struct buffer *out = buffer_new(a, LIMIT_BODY);
    struct json j = json_writer(out);
    json_begin_object(&j);
    for (int i = 0; type && i < type->count; i++) {
        const struct field *f = &type->fields[i];
        bool level = type->visibility_field && strcmp(type->visibility_field, f->name) == 0;
        if (!f->required && !level && (f->kind != KIND_text || f->check))
            continue;
        json_put_key(&j, f->name);
        if (f->kind == KIND_ref)
            json_put_id(&j, strcmp(f->to, "person") == 0 ? w->world->who[WHO_MEMBER].person : organisation);
        else
            json_put_text(&j, level ? "public" : f->choices ? f->choices[0].code : "taken");
    }
    json_end(&j);
    return buffer_string(out);
}

/* What the route takes, under the organisation wherever it takes an id. */
static const char *example_for(struct arena *a, const struct route *route, int64_t organisation)
{
    static const char id[] = "1882614659581935616";
    struct buffer *out = buffer_new(a, LIMIT_BODY);
    struct json j = json_writer(out);
    if (!route->api || !route->api->takes)
        return "{}";
    schema_shape_example(&j, route->api->takes);
    const char *text = buffer_string(out), *at = strstr(text, id);
    return at ? arena_print(a, "%.*s%lld%s", (int)(at - text), text, (long long)organisation, at + strlen(id))
              : text;
}

/* Something that would change the space if it were let. */
static void try_write(struct walk *w, const struct who *who, const struct route *route,
                      const struct filling *with, int64_t organisation)
{
    ARENA_SCOPE(a);
    if (passed_over(w))
        return;
    const char *target = filled(a, route->path, with);
    const char *body = !path_is_api(target) ? form_for(w, a, organisation)
                       : with->type         ? object_for(w, a, record_type_find(with->type), organisation)
                                            : example_for(a, route, organisation);
    int64_t before = generation_of(w);
    (void)walk_send(w, who, route->method, target, body);
    w->refusals++;
    if (generation_of(w) != before)
        walk_find(w, who, target, "a change that was not theirs to make");
}

static void write_records(struct walk *w, const struct who *who, const struct route *route)
{
    const bool off = strstr(route->path, "/decrocher") || strstr(route->path, "/remettre");
    for (size_t i = 0; i < w->world->count; i++) {
        const struct thing *t = &w->world->things[i];
        if (!(off ? may_take_off(w->world, who, t) : may_write_record(w->world, who, t)))
            try_write(w, who, route, &(struct filling){t->type->name, t->id, NULL},
                      who->organisations[0] ? who->organisations[0] : t->owner);
    }
}

/* New records under organisations that are not one's own. */
static void write_new(struct walk *w, const struct who *who, const struct route *route,
                      const struct record_type *type)
{
    if (may_ask(who, type->writers))
        return;
    for (size_t i = 0; i < w->world->count; i++) {
        const struct thing *t = &w->world->things[i];
        bool own = t->id == who->organisations[0] || t->id == who->organisations[1];
        if (t->type == &organisation_type && !own)
            try_write(w, who, route, &(struct filling){.type = type->name}, t->id);
    }
}

static void write_route(struct walk *w, const struct who *who, const struct route *route)
{
    struct parts has = parts_of(route->path);
    if (has.type && !has.id)
        for (int i = 0; i < record_type_count; i++)
            write_new(w, who, route, all_record_types[i]);
    else if (has.id)
        write_records(w, who, route);
    else if (has.text || !may_ask(who, route->right))
        try_write(w, who, route, &(struct filling){.id = absent_id, .text = "x"}, absent_id);
    else
        write_new(w, who, route, &need_type);
}

/* Signing in and out, where attempts count by network, for both twins together; and one's own account, which
 * one may change. */
static bool of_oneself(const struct route *route)
{
    static const char *const paths[] = {"/deconnexion", "/connexion", "/connexion/lien", "/compte/nouvelles"};
    for (size_t i = 0; i < COUNT(paths); i++)
        if (strcmp(route->path, paths[i]) == 0)
            return true;
    return false;
}

void walk_writes(struct walk *w, struct who *who)
{
    size_t count = 0;
    const struct route *const *routes = router_routes(w->router, &count);
    char before[CONTENT_HASH + 1], after[CONTENT_HASH + 1];
    walk_tokens(w, who);
    world_content(w->world, "whole", before);
    for (size_t i = 0; i < count; i++)
        if (routes[i]->writes && !of_oneself(routes[i]) && !left_out(w, routes[i]))
            write_route(w, who, routes[i]);
    world_content(w->world, "whole", after);
    if (memcmp(before, after, sizeof before) != 0)
        walk_find(w, who, "all writes", "the content of the space changed");
}

/* Nothing but a reference: what else is needed is missing, so that it is refused in any case. */
static const char *only_reference(struct arena *a, const char *target, const struct field *f, int64_t id)
{
    if (path_is_api(target))
        return arena_print(a, "{\"%s\":\"%lld\"}", f->name, (long long)id);
    return arena_print(a, "version=1&%s=%lld", f->name, (long long)id);
}

static void refer(struct walk *w, struct who *who, const struct route *route, const struct record_type *type,
                  const struct field *f)
{
    enum { FEW = 4 };
    ARENA_SCOPE(a);
    int told = 0;
    const char *target = filled(a, route->path, &(struct filling){.type = type->name});
    for (size_t k = 0; k < w->world->count && told < FEW; k++) {
        const struct thing *to = &w->world->things[k];
        if (strcmp(to->type->name, f->to) != 0 || may_see_record(w->world, who, to))
            continue;
        told++;
        w->refusals++;
        (void)walk_send(w, who, route->method, target, only_reference(a, target, f, to->id));
    }
}

void walk_refusals(struct walk *w, struct who *who)
{
    size_t count = 0;
    const struct route *const *routes = router_routes(w->router, &count);
    int64_t before = generation_of(w);
    walk_tokens(w, who);
    for (size_t i = 0; i < count; i++) {
        struct parts has = parts_of(routes[i]->path);
        if (!routes[i]->writes || !has.type || has.id || left_out(w, routes[i]))
            continue;
        for (int n = 0; n < record_type_count; n++)
            for (int k = 0; k < all_record_types[n]->count; k++)
                if (all_record_types[n]->fields[k].kind == KIND_ref)
                    refer(w, who, routes[i], all_record_types[n], &all_record_types[n]->fields[k]);
    }
    if (generation_of(w) != before)
        walk_find(w, who, "all refusals", "something was changed");
}
