/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "matching/explain.h"

#include <math.h>

#include "arena/arena.h"
#include "matching/internal.h"
#include "text/buffer.h"
#include "tolerance/tolerance.h"

struct speech {
    struct arena *arena;
    enum language language;
    const struct matcher *m;
    const struct match_need *need;
    const struct matched *x;
    struct match_explained *out;
};

__attribute__((format_arg(2))) static const char *say(const struct speech *s, const char *msgid)
{
    return tr_in(s->language, msgid);
}

static void add(const char **list, int *count, const char *text)
{
    list[(*count)++] = text;
}

static void reason(const struct speech *s, const char *text)
{
    add(s->out->reasons, &s->out->reason_count, text);
}

static void confirm(const struct speech *s, const char *text)
{
    add(s->out->confirm, &s->out->confirm_count, text);
}

static void gap(const struct speech *s, const char *text)
{
    add(s->out->gaps, &s->out->gap_count, text);
}

static const char *label(const struct speech *s, int term)
{
    const struct term_node *node = &s->m->tree->terms[term];
    return slice_text(s->arena, s->language == LANGUAGE_EN && node->en.len ? node->en : node->fr);
}

/* Numbers and lengths are printed in the thread's language: lend it for the time of a call. */
static const char *length_text(const struct speech *s, int64_t nanometres)
{
    enum language kept = language();
    bool small = nanometres < 100000;
    language_set(s->language);
    const char *text =
        arena_print(s->arena, "%s %s", number_print(s->arena, (double)nanometres / (small ? 1e3 : 1e6), 3),
                    small ? "µm" : "mm");
    language_set(kept);
    return text;
}

static const char *count_text(const struct speech *s, int64_t count)
{
    enum language kept = language();
    language_set(s->language);
    const char *text = integer_print(s->arena, count);
    language_set(kept);
    return text;
}

/* The terms of a facet that are asked, as one text. */
static const char *labels_asked(const struct speech *s, enum facet facet)
{
    struct buffer *out = buffer_new(s->arena, LIMIT_LONG_TEXT);
    for (int i = 0; i < s->need->term_count; i++)
        if (s->m->tree->terms[s->need->terms[i]].facet == facet) {
            buffer_text(out, out->len ? ", " : "");
            buffer_text(out, label(s, s->need->terms[i]));
        }
    return buffer_string(out);
}

/* A criterion that compares terms: the pair that fits best. */
static void say_terms(const struct speech *s, enum criterion k, enum facet facet)
{
    const struct contribution *c = &s->x->contributions[k];
    int asked = s->x->pairs[facet].asked, has = s->x->pairs[facet].has;
    if (!c->stated)
        return;
    if (has == TERM_NONE || asked == TERM_NONE) {
        if (c->high > c->low)
            confirm(s, arena_print(s->arena, say(s, N_("%s: nothing known")), say(s, criterion_label(k))));
        else
            gap(s, arena_print(s->arena, say(s, N_("%s, not in its profile")), labels_asked(s, facet)));
    } else if (has == asked) {
        reason(s, label(s, has));
    } else if (c->high >= 0.5) {
        reason(s, arena_print(s->arena, say(s, N_("%s, for %s asked")), label(s, has), label(s, asked)));
    } else {
        gap(s, arena_print(s->arena, say(s, N_("%s only, %s asked")), label(s, has), label(s, asked)));
    }
}

static void say_certification(const struct speech *s)
{
    const struct contribution *c = &s->x->contributions[CRITERION_CERTIFICATION];
    if (!c->stated)
        return;
    const char *missing = s->x->missing == TERM_NONE ? NULL : label(s, s->x->missing);
    if (s->x->gates & GATE_CERTIFICATION && missing)
        gap(s, arena_print(s->arena, say(s, N_("%s is not held")), missing));
    else if (missing)
        confirm(s, arena_print(s->arena, say(s, N_("%s to be confirmed")), missing));
    else if (s->need->required_count)
        reason(s, arena_print(s->arena, say(s, N_("%s held")), label(s, s->need->required[0])));
}

static const struct match_capability *best(const struct speech *s)
{
    return s->x->capability < 0 ? NULL : &s->m->capabilities[s->x->capability];
}

static void say_tolerance(const struct speech *s)
{
    const struct contribution *c = &s->x->contributions[CRITERION_TOLERANCE];
    if (!c->stated)
        return;
    if (c->high > c->low) {
        confirm(s, say(s, N_("tolerance held in production")));
        return;
    }
    const struct match_capability *b = best(s);
    const char *held =
        b && known_integer(b->tolerance) ? arena_print(s->arena, "± %s", length_text(s, b->tolerance))
        : s->x->held_grade != IT_UNKNOWN ? arena_print(s->arena, "IT%lld", (long long)s->x->held_grade)
                                         : "";
    const char *asked = known_integer(s->need->tolerance)
                            ? arena_print(s->arena, "± %s", length_text(s, s->need->tolerance))
                            : arena_print(s->arena, "IT%lld", (long long)s->x->asked_grade);
    if (c->low >= 1)
        reason(s, arena_print(s->arena, say(s, N_("%s held for %s asked")), held, asked));
    else
        gap(s, arena_print(s->arena,
                           c->low > 0 ? say(s, N_("%s held for %s asked: at the limit"))
                                      : say(s, N_("%s held, %s asked")),
                           held, asked));
}

static void say_size(const struct speech *s)
{
    const struct contribution *c = &s->x->contributions[CRITERION_SIZE];
    const struct match_capability *b = best(s);
    if (s->x->gates & GATE_SIZE && !(c->stated && c->high <= 0))
        gap(s, say(s, N_("a size or a weight beyond its range")));
    if (!c->stated)
        return;
    if (c->high > c->low || !b || (!known_integer(b->size_min) && !known_integer(b->size_max))) {
        confirm(s, say(s, N_("sizes it takes")));
        return;
    }
    const char *range = !known_integer(b->size_min)
                            ? arena_print(s->arena, say(s, N_("up to %s")), length_text(s, b->size_max))
                        : !known_integer(b->size_max)
                            ? arena_print(s->arena, say(s, N_("from %s")), length_text(s, b->size_min))
                            : arena_print(s->arena, say(s, N_("%s to %s")), length_text(s, b->size_min),
                                          length_text(s, b->size_max));
    if (c->low >= 1)
        reason(s, arena_print(s->arena, say(s, N_("sizes: %s")), range));
    else
        gap(s, arena_print(s->arena, say(s, N_("sizes: %s only")), range));
}

static void say_volume(const struct speech *s)
{
    const struct contribution *c = &s->x->contributions[CRITERION_VOLUME];
    const struct match_capability *b = best(s);
    if (!c->stated)
        return;
    if (c->high > c->low || !b)
        confirm(s, say(s, N_("quantities it can deliver")));
    else if (c->low >= 1 && known_integer(b->volume_max))
        reason(s, arena_print(s->arena, say(s, N_("up to %s pieces a month")), count_text(s, b->volume_max)));
    else if (c->low >= 1)
        reason(s, say(s, N_("batch sizes that suit")));
    else if (known_integer(b->volume_max))
        gap(s, arena_print(s->arena, say(s, N_("%s pieces a month at most")), count_text(s, b->volume_max)));
    else
        gap(s, say(s, N_("batch sizes that do not suit")));
}

static void say_distance(const struct speech *s)
{
    const struct contribution *c = &s->x->contributions[CRITERION_DISTANCE];
    if (known_real(s->x->km)) {
        int64_t km = llround(s->x->km);
        const char *text =
            km ? arena_print(s->arena, say(s, N_("at %s km")), count_text(s, km)) : say(s, N_("on the spot"));
        if (s->x->gates & GATE_DISTANCE)
            gap(s, text);
        else
            reason(s, text);
    } else if (c->stated) {
        confirm(s, say(s, N_("where it works")));
    }
}

static void join(struct buffer *out, const struct speech *s, const char *before, const char **texts,
                 int count)
{
    for (int i = 0; i < count; i++) {
        buffer_text(out, i == 0 ? before : i == count - 1 ? say(s, N_(" and ")) : ", ");
        buffer_text(out, texts[i]);
    }
}

static const char *sentence(const struct speech *s, int rank)
{
    struct buffer *out = buffer_new(s->arena, LIMIT_LONG_TEXT);
    const struct match_firm *firm = &s->m->firms[s->x->firm];
    const struct match_explained *e = s->out;
    buffer_slice(out, firm->name.len ? firm->name : firm->id);
    if (rank == 0 && !s->x->gates)
        buffer_text(out, say(s, N_(" comes first")));
    join(out, s, say(s, N_(": ")), e->reasons, e->reason_count);
    join(out, s, e->reason_count ? say(s, N_("; lacking: ")) : say(s, N_(": lacking: ")), e->gaps,
         e->gap_count);
    join(out, s, say(s, N_("; to be confirmed: ")), e->confirm, e->confirm_count);
    buffer_text(out, ".");
    return buffer_string(out);
}

void match_explain(const struct matcher *m, struct arena *a, const struct match_need *need,
                   const struct matched *x, int rank, enum language language, struct match_explained *out)
{
    *out = (struct match_explained){.reasons = NEW(a, const char *, CRITERIA + 1),
                                    .confirm = NEW(a, const char *, CRITERIA + 1),
                                    .gaps = NEW(a, const char *, CRITERIA + 2)};
    const struct speech s = {a, language, m, need, x, out};
    say_terms(&s, CRITERION_PROCESS, FACET_PROCESS);
    say_terms(&s, CRITERION_COMPONENT, FACET_COMPONENT);
    say_terms(&s, CRITERION_MATERIAL, FACET_MATERIAL);
    say_tolerance(&s);
    say_size(&s);
    say_certification(&s);
    say_volume(&s);
    say_distance(&s);
    say_terms(&s, CRITERION_MARKET, FACET_MARKET);
    if (x->refused != TERM_NONE)
        gap(&s, arena_print(a, say(&s, N_("%s, which it says it does not do")), label(&s, x->refused)));
    if (x->pairs[FACET_PROCESS].has == TERM_NONE && x->shared != TERM_NONE)
        reason(&s, arena_print(a, say(&s, N_("speaks of: %s")), label(&s, x->shared)));
    else if (rank != RANK_NEAREST && !out->reason_count && x->contributions[CRITERION_TEXT].low > 0)
        reason(&s, say(&s, N_("its own words answer yours")));
    if (rank == RANK_NEAREST && !out->gap_count)
        gap(&s, say(&s, N_("a sign that it does all you describe")));
    out->sentence = sentence(&s, rank);
}
