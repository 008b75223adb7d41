/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* need_draw.c - match cards with their interval bars, weights, and the form that adds a fact. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assets.h"
#include "assets/serve.h"
#include "i18n/i18n.h"
#include "pages/need_view.h"

static void icon(struct html *h, const char *name)
{
    html(h, "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"%s\"/></svg>", asset_icon(name));
}

static void sentences(struct html *h, const char *class, const char *mark, const char *const *texts,
                      size_t count)
{
    if (!count)
        return;
    html(h, "<ul class=\"reasons %s\">", class);
    for (size_t i = 0; i < count; i++) {
        html(h, "<li>");
        icon(h, mark);
        html(h, "<span>%s</span></li>", texts[i]);
    }
    html(h, "</ul>");
}

static void score(struct html *h, struct arena *a, const struct need_match *m)
{
    double low = 100 * m->low, high = 100 * m->high;
    html(h,
         "<div class=\"score\"><svg class=\"score-bar\" viewBox=\"0 0 100 18\" preserveAspectRatio=\"none\" "
         "aria-hidden=\"true\">"
         "<path class=\"score-grade\" d=\"M0 11h100M0 11v6M25 11v6M50 11v6M75 11v6M100 11v6\"/>"
         "<rect class=\"score-sure\" y=\"2\" height=\"7\" width=\"%.1f\"/>"
         "<rect class=\"score-band\" y=\"2\" height=\"7\" x=\"%.1f\" width=\"%.1f\"/>"
         "<path class=\"score-tick\" d=\"M%.1f 0v11\"/></svg>",
         low, low, high - low, low);
    char *from = number_print(a, round(low), 0), *to = number_print(a, round(high), 0);
    if (strcmp(from, to) == 0)
        html(h, "<p class=\"score-text\"><b>%s</b> %s</p></div>", from, tr("out of 100"));
    else
        html(h, "<p class=\"score-text\"><b>%s</b> %s <span>%s</span></p></div>",
             arena_print(a, tr("%s to %s"), from, to), tr("out of 100"),
             arena_print(a, tr("%s is sure, up to %s once all is confirmed"), from, to));
}

static void ledger(struct html *h, struct arena *a, const struct need_match *m)
{
    html(h,
         "<details class=\"disclose\"><summary>%s</summary><p class=\"small soft\">%s</p>"
         "<table class=\"ledger\"><thead><tr><th scope=\"col\">%s</th>"
         "<th scope=\"col\" class=\"num\">%s</th><th scope=\"col\" class=\"num\">%s</th></tr></thead><tbody>",
         tr("Where this score comes from"), m->sentence ? m->sentence : "", tr("Criterion"), tr("Weight"),
         tr("Points"));
    for (size_t i = 0; i < m->line_count; i++) {
        const struct match_line *l = &m->lines[i];
        char *low = number_print(a, 100 * l->weight * l->low, 1),
             *high = number_print(a, 100 * l->weight * l->high, 1);
        html(h, "<tr><th scope=\"row\">%s</th><td class=\"num\">%s %%</td><td class=\"num\">%s</td></tr>",
             l->label, number_print(a, 100 * l->weight, 1),
             strcmp(low, high) == 0 ? low : arena_print(a, tr("%s to %s"), low, high));
    }
    html(h,
         "</tbody><tfoot><tr><th scope=\"row\" colspan=\"2\">%s</th><td "
         "class=\"num\">%s</td></tr></tfoot></table></details>",
         tr("Total"),
         arena_print(a, tr("%s to %s"), number_print(a, 100 * m->low, 1), number_print(a, 100 * m->high, 1)));
}

/* "Villers-le-Lac · 15 personnes · 51 km" */
static void place_line(struct html *h, struct arena *a, const struct need_match *m)
{
    const struct catalogue_entry *e = m->entry;
    const char *between = "";
    html(h, "<span class=\"soft small\">");
    if (e->main_site && e->main_site->commune) {
        html(h, "%s", e->main_site->commune);
        between = " · ";
    }
    if (known_integer(e->organisation.headcount)) {
        html(h, "%s%s %s", between, integer_print(a, e->organisation.headcount), tr("people"));
        between = " · ";
    }
    if (known_real(m->km) && m->km >= 0.5)
        html(h, "%s%s km", between, number_print(a, round(m->km), 0));
    html(h, "</span>");
}

/* "3 places gained" */
static void moved(struct html *h, struct arena *a, const struct need_match *m)
{
    int places = abs(m->moved);
    if (!places)
        return;
    const char *number = integer_print(a, places);
    const char *words = m->moved > 0
                            ? arena_print(a, tr_plural(places, "%s place gained", "%s places gained"), number)
                            : arena_print(a, tr_plural(places, "%s place lost", "%s places lost"), number);
    html(h, "<p class=\"match-moved\"><span aria-hidden=\"true\">%s</span> %s</p>", m->moved > 0 ? "▲" : "▼",
         words);
}

/* The act of a match: to ask, or where it stands with those who were asked. */
static void propose_link(struct html *h, const struct need_view *v, const struct need_match *m, size_t rank)
{
    int64_t id = m->entry->organisation.id;
    for (size_t i = 0; i < v->introduction_count; i++) {
        const struct introduction_line *l = &v->introductions[i];
        if (l->organisation != id)
            continue;
        html(h, "<a class=\"button button-quiet button-small\" href=\"%s\">%s</a>", l->href, l->state);
        return;
    }
    if (v->may_propose)
        html(h,
             "<a class=\"button button-quiet button-small\" "
             "href=\"%s/proposer?structure=%lld&amp;rang=%zu\">%s</a>",
             v->base, (long long)id, rank, tr("Propose the introduction"));
}

enum { MOST_REASONS = 3 };

void matches_draw(struct html *h, const struct need_view *v, const struct need_match *matches, size_t count)
{
    struct arena *a = v->frame.arena;
    for (size_t i = 0; i < count; i++) {
        const struct need_match *m = &matches[i];
        size_t reasons = m->reason_count < MOST_REASONS ? m->reason_count : MOST_REASONS;
        html(h,
             "<li class=\"match\"><p class=\"match-rank\"><span class=\"visually-hidden\">%s </span>%zu</p>"
             "<div class=\"match-head\"><h3><a href=\"/structures/%lld\">%s</a></h3>",
             tr("Rank"), i + 1, (long long)m->entry->organisation.id, m->entry->organisation.name);
        place_line(h, a, m);
        moved(h, a, m);
        html(h, "</div>");
        score(h, a, m);
        html(h, "<div class=\"match-why\">");
        sentences(h, "", "check", m->reasons, reasons);
        html(h, "<div class=\"stack stack-tight\">");
        sentences(h, "reasons-confirm", "question", m->confirm, m->confirm_count);
        sentences(h, "reasons-gap", "cross", m->gaps, m->gap_count);
        sentences(h, "", "info", m->remarks, m->remark_count);
        html(h, "</div></div><div class=\"match-acts\">");
        propose_link(h, v, m, i + 1);
        ledger(h, a, m);
        html(h, "</div></li>");
    }
}

void offers_draw(struct html *h, const struct need_view *v)
{
    struct arena *a = v->frame.arena;
    for (size_t i = 0; i < v->matches->offer_count; i++) {
        const struct need_offer *o = &v->matches->offers[i];
        const char *rank =
            o->rank ? arena_print(a, tr("rank %s"), integer_print(a, (int64_t)o->rank)) : tr("not ranked");
        html(h, "<li><div><a href=\"%s\">%s</a><p class=\"small soft\"><a href=\"%s\">%s</a> · %s · %s",
             record_url(a, &offer_type, o->id), o->title, record_url(a, &organisation_type, o->organisation),
             o->name, o->why, rank);
        if (known_integer(o->until))
            html(h, " · %s", arena_print(a, tr("until %s"), day_in_words(a, o->until, true)));
        html(h, "</p></div></li>");
    }
}

static void weight_draw(struct html *h, const struct criterion_weight *w)
{
    enum { MOST = 100 };
    int percent = (int)lround(100 * w->weight);
    html(
        h,
        "<div class=\"weight\"><label for=\"w-%s\">%s</label><output for=\"w-%s\">%d %%</output>"
        "<input id=\"w-%s\" type=\"range\" name=\"w_%s\" min=\"0\" max=\"%d\" value=\"%d\" data-share></div>",
        w->name, w->label, w->name, percent, w->name, w->name, MOST, percent);
}

/* What the need speaks of first; what it says nothing of is folded away, but sent with the rest. */
void weights_draw(struct html *h, const struct need_view *v)
{
    const struct need_matches *m = v->matches;
    size_t silent = 0;
    html(
        h,
        "<form class=\"weights\" method=\"get\" action=\"%s\" data-live=\"#verdict,#matches\" id=\"weights\">"
        "<p class=\"small soft\">%s</p>",
        v->base,
        tr("Move to the right what counts most: who is good at it rises. At the far left it no longer "
           "counts."));
    for (size_t i = 0; i < m->weight_count; i++)
        if (m->weights[i].stated)
            weight_draw(h, &m->weights[i]);
        else
            silent++;
    if (silent) {
        html(h,
             "<details class=\"disclose\"><summary>%s</summary><div class=\"weights\"><p class=\"small "
             "soft\">%s</p>",
             arena_print(v->frame.arena,
                         tr_plural((int64_t)silent, "%s criterion your need says nothing of",
                                   "%s criteria your need says nothing of"),
                         integer_print(v->frame.arena, (int64_t)silent)),
             tr("They change little as long as the need does not speak of them."));
        for (size_t i = 0; i < m->weight_count; i++)
            if (!m->weights[i].stated)
                weight_draw(h, &m->weights[i]);
        html(h, "</div></details>");
    }
    html(h, "<div class=\"cluster\"><button class=\"button button-quiet button-small no-script\">%s</button>",
         tr("Order again"));
    if (m->reweighed)
        html(h, "<a class=\"small\" href=\"%s\">%s</a>", v->base, tr("Back to the usual weights"));
    html(h, "</div></form>");
}

static const struct {
    const char *key, *label;
} addable[] = {{"processes", N_("Process")},
               {"materials", N_("Material")},
               {"components", N_("Component")},
               {"certifications", N_("Certification")},
               {"unwanted", N_("Not wanted")},
               {"size", N_("Size")},
               {"tolerance", N_("Tolerance ±")},
               {"volume", N_("Volume")},
               {"quantity", N_("Total quantity")},
               {"deadline", N_("Before")},
               {"place", N_("Near")},
               {"max_km", N_("Within")}};

static void close_input(struct html *h, const char *error)
{
    if (!error) {
        html(h, ">");
        return;
    }
    html(h, " aria-invalid=\"true\" aria-describedby=\"refused\"><p class=\"field-error\" id=\"refused\">");
    icon(h, "warning");
    html(h, " %s</p>", error);
}

/* With what was typed and refused, if it was here. */
void add_fact_draw(struct html *h, const struct need_view *v)
{
    bool refused = v->error && !v->refused_chip;
    html(h, "<details class=\"disclose no-print\"%s><summary>%s</summary>", refused ? " open" : "",
         tr("Add what was not understood"));
    html(h, "<form method=\"post\" action=\"%s/faits\" class=\"form\">", v->base);
    html_token(h);
    html(h,
         "<input type=\"hidden\" name=\"version\" value=\"%lld\"><div class=\"form-row\"><div "
         "class=\"field\"><label for=\"add-key\">%s</label>"
         "<select id=\"add-key\" name=\"key\">",
         (long long)v->version, tr("Fact"));
    for (size_t i = 0; i < COUNT(addable); i++)
        html(h, "<option value=\"%s\"%s>%s</option>", addable[i].key,
             refused && strcmp(addable[i].key, v->refused_key) == 0 ? " selected" : "", tr(addable[i].label));
    html(h,
         "</select></div><div class=\"field\"><label for=\"add-value\">%s</label><input id=\"add-value\" "
         "name=\"value\" list=\"all-terms\" value=\"%s\"",
         tr("Value"), refused ? v->refused_value : "");
    close_input(h, refused ? v->error : NULL);
    html(h,
         "</div></div><div class=\"cluster\"><button class=\"button button-quiet "
         "button-small\">%s</button></div></form></details>",
         tr("Add"));
    form_terms_list(h, v->options, "all-terms", NULL);
    form_terms_list(h, v->options, "terms-processes", "process");
    form_terms_list(h, v->options, "terms-materials", "material");
    form_terms_list(h, v->options, "terms-components", "component");
    form_terms_list(h, v->options, "terms-certifications", "certification");
    form_terms_list(h, v->options, "terms-markets", "market");
    if (v->unwanted)
        form_terms_list(h, v->options, "terms-unwanted", field_find(&need_type, "unwanted")->to);
}
