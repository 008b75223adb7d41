/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* taxonomy_pages.c - the words of the trade: a tree for each facet, and what stands behind each term. */
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "directory/directory.h"
#include "i18n/i18n.h"
#include "pages/record_draw.h"
#include "pages/taxonomy_view.h"
#include "records/choices.h"
#include "templates.h"
#include "text/capital.h"
#include "text/fold.h"

static const char *const tree_names[] = {N_("Processes"), N_("Materials"),      N_("Components"),
                                         N_("Markets"),   N_("Certifications"), N_("Skills")};

static const char *facet_plural(const char *facet)
{
    for (size_t i = 0; i < COUNT(tree_names); i++)
        if (strcmp(term_facets[i].code, facet) == 0)
            return tr(tree_names[i]);
    return facet;
}

static bool may_edit(const struct request *r)
{
    return door_may_create(door_of(r), &term_type);
}

static const char *term_href(struct arena *a, int64_t id)
{
    return record_url(a, &term_type, id);
}

/* What draws one tree. */
struct forest {
    struct arena *arena;
    const struct catalogue *catalogue;
    struct slice asked; /* folded; empty: everything */
    struct leaf {
        const struct term *term;
        struct slice key; /* label, folded */
    } * leaves;           /* the facet's terms, by broader term, then by label */
    size_t leaf_count;
    int64_t matches;
};

/* Does some word of the text begin with what is asked? */
static bool meets(const struct forest *f, const char *text)
{
    struct slice folded = fold(f->arena, slice_of(text)), word;
    if (slice_starts(folded, f->asked))
        return true;
    for (size_t at = 0; next_word(folded, &at, &word);)
        if (slice_starts(slice_from(folded, (size_t)(word.ptr - folded.ptr)), f->asked))
            return true;
    return false;
}

static const char *synonym_met(const struct forest *f, const char *list)
{
    struct slice rest = slice_of(list), one;
    while (slice_cut(&rest, '|', &one)) {
        if (slice_starts(one, S("~")))
            one = slice_from(one, 1);
        const char *text = slice_text(f->arena, one);
        if (meets(f, text))
            return text;
    }
    return NULL;
}

static int compare_leaves(const void *a, const void *b)
{
    const struct leaf *x = a, *y = b;
    if (x->term->parent != y->term->parent)
        return x->term->parent < y->term->parent ? -1 : 1;
    return slice_compare(x->key, y->key);
}

static void gather(struct forest *f, const char *facet, bool retired)
{
    const struct catalogue *c = f->catalogue;
    f->leaves = NEW(f->arena, struct leaf, c->term_count + 1);
    for (size_t i = 0; i < c->term_count; i++) {
        const struct term *t = &c->terms[i];
        if (t->facet && strcmp(t->facet, facet) == 0 && (retired || !known_integer(t->retired)))
            f->leaves[f->leaf_count++] = (struct leaf){t, fold(f->arena, slice_of(term_label(t)))};
    }
    if (f->leaf_count)
        qsort(f->leaves, f->leaf_count, sizeof *f->leaves, compare_leaves);
}

static struct tree_node node_of(struct forest *f, const struct term *t)
{
    const char *label = term_label(t), *other = language() == LANGUAGE_EN ? t->label : t->label_en;
    struct tree_node n = {
        .term = t, .label = capitalised(f->arena, label), .retired = known_integer(t->retired)};
    n.other = other && strcmp(other, label) != 0 ? other : NULL;
    n.about = arena_print(f->arena, tr("About \"%s\""), label);
    n.count = directory_term_count(f->catalogue, t->id);
    if (f->asked.len) {
        n.matched = meets(f, label) || (n.other && meets(f, n.other));
        n.said = n.matched ? NULL : synonym_met(f, t->synonyms);
        n.said = n.matched || n.said ? n.said : synonym_met(f, t->synonyms_en);
        n.matched |= n.said != NULL;
        f->matches += n.matched;
    }
    return n;
}

/* Terms below `parent`, with all of theirs; when something is asked, those that lead to a match. */
static struct tree_node *grow(struct forest *f, int64_t parent, size_t *count)
{
    size_t first = 0, end = f->leaf_count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (f->leaves[middle].term->parent < parent)
            first = middle + 1;
        else
            end = middle;
    }
    while (end < f->leaf_count && f->leaves[end].term->parent == parent)
        end++;
    struct tree_node *nodes = NEW(f->arena, struct tree_node, end - first + 1);
    *count = 0;
    for (size_t i = first; i < end; i++) {
        struct tree_node n = node_of(f, f->leaves[i].term);
        n.children = grow(f, n.term->id, &n.child_count);
        if (!f->asked.len || n.matched || n.child_count)
            nodes[(*count)++] = n;
    }
    return nodes;
}

/* The broadest terms in the order of their use. */
static int compare_use(const void *a, const void *b)
{
    const struct tree_node *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return strcmp(x->label, y->label);
}

static void fill_facets(const struct request *r, const struct catalogue *c, struct taxonomy_view *v)
{
    struct tree_link *links = NEW(r->arena, struct tree_link, COUNT(tree_names));
    for (size_t k = 0; k < COUNT(tree_names); k++) {
        const char *facet = term_facets[k].code;
        int64_t count = 0;
        for (size_t i = 0; i < c->term_count; i++)
            count += c->terms[i].facet && strcmp(c->terms[i].facet, facet) == 0 &&
                     !known_integer(c->terms[i].retired);
        links[k] = (struct tree_link){url(r->arena, "/nomenclature?arbre=%s", facet), tr(tree_names[k]),
                                      count, strcmp(facet, v->facet) == 0};
    }
    v->facets = links;
    v->facet_count = COUNT(tree_names);
}

static struct fault *taxonomy_show(struct request *r, struct response *answer)
{
    const struct catalogue *c = NULL;
    TRY(catalogue_of(door_of(r), &c));
    const char *asked = param(&r->query, "arbre");
    struct taxonomy_view v = {.facet = term_facets[0].code, .query = param_text(&r->query, "q")};
    for (const struct choice *k = term_facets; asked && k->code; k++)
        if (strcmp(k->code, asked) == 0)
            v.facet = k->code;
    struct forest f = {
        .arena = r->arena, .catalogue = c, .asked = slice_trim(fold(r->arena, slice_of(v.query)))};
    gather(&f, v.facet, may_edit(r));
    struct tree_node *roots = grow(&f, 0, &v.root_count);
    if (v.root_count)
        qsort(roots, v.root_count, sizeof *roots, compare_use);
    v.roots = roots;
    v.open = f.asked.len > 0;
    v.facet_label = facet_plural(v.facet);
    v.announce = v.open ? arena_print(r->arena, tr_plural(f.matches, "%s term", "%s terms"),
                                      integer_print(r->arena, f.matches))
                        : v.facet_label;
    if (may_edit(r))
        v.new_href = url(r->arena, "/fiches/term/nouvelle?facet=%s&label=%s", v.facet, v.query);
    fill_facets(r, c, &v);
    v.frame = frame_of(r, answer, tr("Taxonomy"), "/nomenclature");
    taxonomy_page(answer->html, &v);
    return NULL;
}

/* A summary is a control itself and holds no link: the term's page is the first line of what it opens. */
static void draw_node(struct html *h, const struct tree_node *n, bool linked)
{
    bool marked = n->matched && !n->said;
    if (linked)
        html(h, "<a href=\"/nomenclature/%lld\">", (long long)n->term->id);
    if (marked)
        html(h, "<mark>%s</mark>", n->label);
    else
        html(h, "%s", n->label);
    if (linked)
        html(h, "</a>");
    if (n->other)
        html(h, " <span class=\"other\">%s</span>", n->other);
    if (n->said)
        html(h, " <span class=\"other\">%s <mark>%s</mark></span>", tr("also said:"), n->said);
    if (n->retired)
        html(h, " <span class=\"badge\">%s</span>", tr("no longer used"));
    if (n->count)
        html(h, " <span class=\"count small push\">%lld</span>", (long long)n->count);
}

void taxonomy_tree_draw(struct html *h, const struct tree_node *nodes, size_t count, int depth, bool open)
{
    for (size_t i = 0; i < count; i++) {
        const struct tree_node *n = &nodes[i];
        if (n->child_count) {
            /* a part with an id stays as the person left it: what a search opens must not be shut by that */
            if (open)
                html(h, "<li><details open><summary>");
            else
                html(h, "<li><details%s id=\"t-%lld\"><summary>", depth == 0 ? " open" : "",
                     (long long)n->term->id);
            draw_node(h, n, false);
            html(h, "</summary><ul>");
            if (n->matched || !open)
                html(h, "<li><div class=\"node small\"><a href=\"/nomenclature/%lld\">%s</a></div></li>",
                     (long long)n->term->id, n->about);
            taxonomy_tree_draw(h, n->children, n->child_count, depth + 1, open);
            html(h, "</ul></details></li>");
        } else {
            html(h, "<li><div class=\"node\">");
            draw_node(h, n, true);
            html(h, "</div></li>");
        }
    }
}

static struct tree_link link_of(struct arena *a, const struct catalogue *c, const struct term *t)
{
    return (struct tree_link){term_href(a, t->id), capitalised(a, term_label(t)),
                              directory_term_count(c, t->id), false};
}

static void fill_relatives(const struct request *r, const struct catalogue *c, const struct term *t,
                           struct term_view *v)
{
    enum { DEEPEST = 32 };
    struct arena *a = r->arena;
    struct tree_link *above = NEW(a, struct tree_link, DEEPEST),
                     *below = NEW(a, struct tree_link, c->term_count + 1),
                     *related = NEW(a, struct tree_link, c->term_count + 1);
    size_t depth = 0;
    for (const struct term *up = t; up->parent && (up = catalogue_term(c, up->parent)) && depth < DEEPEST;)
        above[DEEPEST - ++depth] = link_of(a, c, up);
    v->broader = above + DEEPEST - depth;
    v->broader_count = depth;
    for (size_t i = 0; i < c->term_count; i++)
        if (c->terms[i].parent == t->id && !known_integer(c->terms[i].retired))
            below[v->narrower_count++] = link_of(a, c, &c->terms[i]);
    v->narrower = below;
    struct slice rest = slice_of(t->related), code;
    while (slice_cut(&rest, '|', &code) && v->related_count < c->term_count) {
        const struct term *other = catalogue_term_by_code(c, slice_text(a, slice_trim(code)));
        if (other && other != t)
            related[v->related_count++] = link_of(a, c, other);
    }
    v->related = related;
}

static void fill_organisations(const struct request *r, const struct catalogue *c, const struct term *t,
                               struct term_view *v)
{
    enum { MOST = 12 };
    struct tree_link *links = NEW(r->arena, struct tree_link, MOST);
    enum directory_facet facet = directory_facet_of_term(t);
    v->count = directory_term_count(c, t->id);
    for (size_t i = 0; i < c->count && v->organisation_count < MOST; i++)
        if (entry_has_term(&c->entries[i], t->id))
            links[v->organisation_count++] =
                (struct tree_link){record_url(r->arena, &organisation_type, c->entries[i].organisation.id),
                                   c->entries[i].organisation.name, 0, false};
    v->organisations = links;
    if (facet != DIRECTORY_FACETS)
        v->directory_href = arena_print(r->arena, "/annuaire?%s=%s", directory_facets[facet].name, t->code);
}

/* "a|~b": each without the mark of those that mean something else too. */
static const char *const *words_of(struct arena *a, const char *list, size_t *count)
{
    struct slice rest = slice_of(list), one;
    const char **words = NEW(a, const char *, strlen(list ? list : "") + 1);
    while (slice_cut(&rest, '|', &one))
        if (one.len)
            words[(*count)++] = slice_text(a, slice_starts(one, S("~")) ? slice_from(one, 1) : one);
    return words;
}

static void fill_acts(const struct request *r, const struct term *t, struct term_view *v)
{
    struct arena *a = r->arena;
    long long id = (long long)t->id;
    v->edit_href = arena_print(a, "/fiches/term/%lld/modifier", id);
    v->add_href = url(a, "/fiches/term/nouvelle?facet=%s&parent=%lld", t->facet, id);
    if (known_integer(t->retired))
        v->revive_href = arena_print(a, "/nomenclature/%lld/reprendre", id);
    else
        v->retire_href = arena_print(a, "/nomenclature/%lld/retirer", id);
}

static struct fault *term_show(struct request *r, struct response *answer)
{
    struct term t;
    const struct catalogue *c = NULL;
    TRY(door_load(door_of(r), term, request_id(r, "id"), &t, NULL));
    TRY(catalogue_of(door_of(r), &c));
    const char *other = language() == LANGUAGE_EN ? t.label : t.label_en;
    struct term_view v = {.id = t.id,
                          .name = capitalised(r->arena, term_label(&t)),
                          .code = t.code,
                          .facet_label = facet_plural(t.facet)};
    v.other = other && strcmp(other, term_label(&t)) != 0 ? other : NULL;
    v.facet_href = url(r->arena, "/nomenclature?arbre=%s", t.facet);
    if (known_integer(t.retired))
        v.retired =
            arena_print(r->arena, tr("No longer used since %s"), day_in_words(r->arena, t.retired, false));
    v.synonyms = words_of(r->arena, t.synonyms, &v.synonym_count);
    v.synonyms_en = words_of(r->arena, t.synonyms_en, &v.synonym_en_count);
    fill_relatives(r, c, &t, &v);
    fill_organisations(r, c, &t, &v);
    if (door_may_write(door_of(r), &term_type, &t))
        fill_acts(r, &t, &v);
    v.frame = frame_of(r, answer, v.name, "/nomenclature");
    term_page(answer->html, &v);
    return NULL;
}

/* A term in use is not deleted: what speaks of it keeps its meaning, and nobody chooses it any more. */
static struct fault *set_retired(struct request *r, struct response *answer, int64_t day)
{
    struct term t;
    field_mask shown = 0;
    const struct field *f = field_find(&term_type, "retired");
    TRY(door_load(door_of(r), term, request_id(r, "id"), &t, &shown));
    t.retired = day;
    TRY(door_save(door_of(r), term, &t, shown & (field_mask)1 << (f - term_type.fields)));
    flash_set(answer, "saved",
              arena_print(r->arena, "/nomenclature/%lld/%s", (long long)t.id,
                          known_integer(day) ? "reprendre" : "retirer"));
    response_redirect(answer, term_href(r->arena, t.id));
    return NULL;
}

static struct fault *term_retire(struct request *r, struct response *answer)
{
    return set_retired(r, answer, today());
}

static struct fault *term_revive(struct request *r, struct response *answer)
{
    return set_retired(r, answer, UNKNOWN_INTEGER);
}

const struct route taxonomy_routes[] = {
    {"GET", "/nomenclature", taxonomy_show, .right = ROLES_ANYONE, .version = page_version,
     .summary = N_("The trees of terms")},
    {"GET", "/nomenclature/{id}", term_show, .right = ROLES_ANYONE, .version = page_version,
     .summary = N_("One term")},
    {"POST", "/nomenclature/{id}/retirer", term_retire, .right = ROLE_FACILITATOR, .writes = true,
     .summary = N_("No longer use a term")},
    {"POST", "/nomenclature/{id}/reprendre", term_revive, .right = ROLE_FACILITATOR, .writes = true,
     .summary = N_("Use a term again")},
};
const size_t taxonomy_route_count = COUNT(taxonomy_routes);
