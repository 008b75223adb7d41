/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record_form.c - a form from a description: one small function for each kind of control. */
#include <stdlib.h>
#include <string.h>

#include "assets.h"
#include "i18n/i18n.h"
#include "pages/record_draw.h"
#include "text/fold.h"

struct option {
    int64_t id;
    const char *label, *code, *group; /* group: facet of a term, type of a record */
};

struct form_options {
    struct arena *arena;
    struct option *at;
    size_t count, capacity;
};

static struct fault *add_terms(struct door *d, struct form_options *o, const char *facets)
{
    struct list_request asked = {.type = &term_type, .per_page = LIMIT_EXPORT_ROWS};
    struct list_page page;
    TRY(door_list(d, &asked, &page));
    const struct term *terms = page.records;
    for (size_t i = 0; i < page.count; i++)
        if (facet_taken(facets, terms[i].facet) && !known_integer(terms[i].retired))
            *PUSH(o->arena, o->at, o->count, o->capacity) = (struct option){
                terms[i].id,
                language() == LANGUAGE_EN && terms[i].label_en ? terms[i].label_en : terms[i].label,
                terms[i].code, terms[i].facet};
    return NULL;
}

static struct fault *add_records(struct door *d, struct form_options *o, const struct record_type *type)
{
    struct list_request asked = {.type = type, .per_page = LIMIT_EXPORT_ROWS};
    struct list_page page;
    TRY(door_list(d, &asked, &page));
    const struct field *name = field_find(type, type->name_field);
    for (size_t i = 0; i < page.count; i++) {
        const char *record = (const char *)page.records + i * type->size;
        const char *label = *(const char *const *)field_in(name, record);
        *PUSH(o->arena, o->at, o->count, o->capacity) = (struct option){
            ((const struct record_head *)(const void *)record)->id, label ? label : "", NULL, type->name};
    }
    return NULL;
}

struct fault *form_options_load(struct door *d, const struct record_type *type, struct form_options **out)
{
    struct form_options *o = NEW(door_arena(d), struct form_options, 1);
    o->arena = door_arena(d);
    bool terms_read = false;
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        const struct record_type *to = f->kind == KIND_ref ? record_type_find(f->to) : NULL;
        if (f->kind == KIND_terms && !terms_read) {
            TRY(add_terms(d, o, NULL));
            terms_read = true;
        }
        if (to && to->name_field && !f->within && !f->author && (to->readers & door_viewer(d)->roles || door_viewer(d)->program))
            TRY(add_records(d, o, to));
    }
    *out = o;
    return NULL;
}

static const char *fault_of(const struct form_state *s, const struct field *f)
{
    for (size_t i = 0; i < s->fault_count; i++)
        if (s->faults[i].field == f)
            return s->faults[i].text;
    return NULL;
}

/* What stands in the control: what was typed if the form comes back, else the record's value. */
static const char *value_in(const struct form_options *o, const struct field *f, const void *record,
                            const struct form_state *s)
{
    const char *typed = s->typed ? param(s->typed, f->name) : NULL;
    return typed ? typed : value_typed(f, o->arena, record);
}

static void icon(struct html *h, const char *name)
{
    html(h, "<svg class=\"icon icon-small\" aria-hidden=\"true\"><use href=\"%s\"/></svg>", asset_icon(name));
}

/* aria-describedby and aria-invalid, for help and error that exist. */
static void described(struct html *h, const struct field *f, bool bad)
{
    if (f->help || bad)
        html(h, " aria-describedby=\"%s%s%s%s\"", f->help ? f->name : "", f->help ? "-help " : "",
             bad ? f->name : "", bad ? "-error" : "");
    if (bad)
        html(h, " aria-invalid=\"true\"");
}

static const char *unit_shown(const struct field *f)
{
    bool length = f->unit && strcmp(f->unit, "nm") == 0;
    return length ? "" : f->unit ? tr(f->unit) : "";
}

static void draw_input(struct html *h, const struct field *f, const char *value, bool bad)
{
    const char *unit = unit_shown(f);
    if (*unit)
        html(h, "<div class=\"with-unit\">");
    html(h, "<input id=\"%s\" name=\"%s\" value=\"%s\"", f->name, f->name, value);
    if (f->kind == KIND_integer || f->kind == KIND_real)
        html(h, " inputmode=\"decimal\"");
    if (f->kind == KIND_text && f->max > 0)
        html(h, " maxlength=\"%lld\"", (long long)f->max);
    described(h, f, bad);
    if (f->required)
        html(h, " required");
    html(h, ">");
    if (*unit)
        html(h, "<span>%s</span></div>", unit);
}

static void draw_date(struct html *h, const struct form_options *o, const struct field *f, const void *record,
                      const struct form_state *s, bool bad)
{
    const char *typed = s->typed ? param(s->typed, f->name) : NULL;
    html(h, "<input type=\"date\" id=\"%s\" name=\"%s\" value=\"%s\"", f->name, f->name,
         typed ? typed : value_plain(f, o->arena, record));
    described(h, f, bad);
    html(h, ">");
}

static void draw_longtext(struct html *h, const struct field *f, const char *value, bool bad)
{
    html(h, "<textarea id=\"%s\" name=\"%s\" rows=\"5\"", f->name, f->name);
    described(h, f, bad);
    if (f->required)
        html(h, " required");
    html(h, ">\n%s</textarea>", value);
}

static void draw_choice(struct html *h, const struct form_options *o, const struct field *f,
                        const void *record, const struct form_state *s, bool bad)
{
    const char *typed = s->typed ? param(s->typed, f->name) : NULL;
    const char *value = typed ? typed : value_plain(f, o->arena, record);
    html(h, "<select id=\"%s\" name=\"%s\"", f->name, f->name);
    described(h, f, bad);
    html(h, ">");
    if (!f->required)
        html(h, "<option value=\"\">%s</option>", tr("I do not know"));
    for (const struct choice *c = f->choices; c->code; c++) {
        html(h, "<option value=\"%s\"", c->code);
        if (strcmp(c->code, value) == 0)
            html(h, " selected");
        html(h, ">%s</option>", tr(c->label));
    }
    html(h, "</select>");
}

static void draw_reference(struct html *h, const struct form_options *o, const struct field *f,
                           const void *record, const struct form_state *s, bool bad)
{
    const char *typed = s->typed ? param(s->typed, f->name) : NULL;
    int64_t value = typed ? strtoll(typed, NULL, 10) : *(const int64_t *)field_in(f, record);
    html(h, "<select id=\"%s\" name=\"%s\"", f->name, f->name);
    described(h, f, bad);
    html(h, "><option value=\"\">—</option>");
    for (size_t i = 0; i < o->count; i++)
        if (strcmp(o->at[i].group, f->to) == 0) {
            html(h, "<option value=\"%lld\"", (long long)o->at[i].id);
            if (o->at[i].id == value)
                html(h, " selected");
            html(h, ">%s</option>", o->at[i].label);
        }
    html(h, "</select>");
}

static void draw_flag(struct html *h, const struct form_options *o, const struct field *f, const void *record,
                      const struct form_state *s)
{
    static const struct {
        const char *code, *label;
    } answers[] = {{"yes", N_("Yes")}, {"no", N_("No")}, {"", N_("I do not know")}};
    const char *typed = s->typed ? param(s->typed, f->name) : NULL;
    const char *value = typed ? typed : value_plain(f, o->arena, record);
    html(h, "<div class=\"flag\">");
    for (size_t i = 0; i < COUNT(answers); i++) {
        html(h, "<label><input type=\"radio\" name=\"%s\" value=\"%s\"", f->name, answers[i].code);
        if (strcmp(value, answers[i].code) == 0)
            html(h, " checked");
        html(h, "> %s</label>", tr(answers[i].label));
    }
    html(h, "</div>");
}

static void draw_interval(struct html *h, const struct form_options *o, const struct field *f,
                          const void *record, const struct form_state *s)
{
    const struct interval *value = field_in(f, record);
    bool length = f->unit && strcmp(f->unit, "nm") == 0;
    const int64_t ends[] = {value->lo, value->hi};
    html(h, "<div class=\"interval\">");
    for (int end = 0; end < 2; end++) {
        char *name = arena_print(o->arena, "%s_%s", f->name, end ? "max" : "min");
        const char *typed = s->typed ? param(s->typed, name) : NULL;
        const char *shown = !known_integer(ends[end]) ? ""
                            : length                  ? length_print(o->arena, ends[end])
                                                      : integer_print(o->arena, ends[end]);
        if (end)
            html(h, "<span>%s</span>", tr("to"));
        html(h, "<input name=\"%s\" id=\"%s\" value=\"%s\" aria-label=\"%s, %s\">", name, name,
             typed ? typed : shown, tr(f->label), end ? tr("to") : tr("from"));
    }
    const char *unit = unit_shown(f);
    html(h, "<span>%s</span></div>", unit);
}

static bool has_id(const struct term_list *terms, int64_t id)
{
    for (size_t i = 0; i < terms->count; i++)
        if (terms->ids[i] == id)
            return true;
    return false;
}

void form_terms_list(struct html *h, const struct form_options *o, const char *id, const char *facets)
{
    html(h, "<datalist id=\"%s\">", id);
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].code && facet_taken(facets, o->at[i].group))
            html(h, "<option value=\"%s\" data-code=\"%s\"></option>", o->at[i].label, o->at[i].code);
    html(h, "</datalist>");
}

static void draw_terms(struct html *h, const struct form_options *o, const struct field *f,
                       const void *record)
{
    const struct term_list *chosen = field_in(f, record);
    html(h, "<div class=\"picker\" data-picker=\"%s\"><div class=\"tokens\">", f->name);
    for (size_t i = 0; i < o->count; i++)
        if (has_id(chosen, o->at[i].id))
            html(h, "<label><input type=\"checkbox\" name=\"%s\" value=\"%s\" checked> %s</label>", f->name,
                 o->at[i].code, o->at[i].label);
    html(h,
         "</div><input id=\"%s_add\" name=\"%s_add\" list=\"%s-list\" aria-label=\"%s\" autocomplete=\"off\" "
         "placeholder=\"%s\">",
         f->name, f->name, f->name, arena_print(o->arena, "%s: %s", tr(f->label), tr("add")), tr("Add…"));
    form_terms_list(h, o, arena_print(o->arena, "%s-list", f->name), f->to);
    html(h, "</div>");
}

static void draw_control(struct html *h, const struct field *f, const void *record,
                         const struct form_options *o, const struct form_state *s, bool bad)
{
    switch (f->kind) {
    case KIND_text:
    case KIND_integer:
    case KIND_real:
    case KIND_measure:
        draw_input(h, f, value_in(o, f, record, s), bad);
        break;
    case KIND_longtext:
        draw_longtext(h, f, value_in(o, f, record, s), bad);
        break;
    case KIND_date:
        draw_date(h, o, f, record, s, bad);
        break;
    case KIND_choice:
        draw_choice(h, o, f, record, s, bad);
        break;
    case KIND_ref:
        draw_reference(h, o, f, record, s, bad);
        break;
    case KIND_flag:
        draw_flag(h, o, f, record, s);
        break;
    case KIND_interval:
        draw_interval(h, o, f, record, s);
        break;
    case KIND_terms:
        draw_terms(h, o, f, record);
        break;
    }
}

static void draw_notes(struct html *h, const struct record_type *type, const struct field *f, const char *bad)
{
    if (bad) {
        html(h, "<p class=\"field-error\" id=\"%s-error\">", f->name);
        icon(h, "warning");
        html(h, " %s</p>", bad);
    }
    if (f->personal ||
        f->visibility != VISIBILITY_INHERIT) { /* what goes without saying is on the data page */
        html(h, "<p class=\"field-why\">");
        if (f->purpose)
            html(h, "<span>%s</span> ", tr(f->purpose));
        visibility_draw(h, f->visibility != VISIBILITY_INHERIT ? f->visibility : type->visibility);
        html(h, "</p>");
    }
}

void form_field(struct html *h, const struct record_type *type, const struct field *f, const void *record,
                const struct form_options *o, const struct form_state *s)
{
    bool wide = f->kind == KIND_longtext || f->kind == KIND_terms;
    bool several = f->kind == KIND_flag || f->kind == KIND_interval || f->kind == KIND_terms;
    const char *bad = fault_of(s, f);
    const char *optional = f->required ? "" : tr("optional");
    if (several)
        html(h, "<fieldset class=\"field%s%s\" id=\"%s\"><legend>%s", wide ? " field-wide" : "",
             bad ? " has-error" : "", f->name, tr(f->label));
    else
        html(h, "<div class=\"field%s%s\"><label for=\"%s\">%s", wide ? " field-wide" : "",
             bad ? " has-error" : "", f->name, tr(f->label));
    if (*optional)
        html(h, " <span class=\"optional\">%s</span>", optional);
    if (several)
        html(h, "</legend>");
    else
        html(h, "</label>");
    if (f->help)
        html(h, "<p class=\"field-help\" id=\"%s-help\">%s</p>", f->name, tr(f->help));
    draw_control(h, f, record, o, s, bad != NULL);
    draw_notes(h, type, f, bad);
    if (several)
        html(h, "</fieldset>");
    else
        html(h, "</div>");
}

void form_errors(struct html *h, const struct form_state *s)
{
    if (!s->fault_count)
        return;
    html(h, "<section class=\"error-summary\" role=\"alert\" tabindex=\"-1\" id=\"errors\"><h2>");
    icon(h, "warning");
    html(h, " %s</h2><ul>",
         tr_plural((int64_t)s->fault_count, "One point to look at again", "Points to look at again"));
    for (size_t i = 0; i < s->fault_count; i++) {
        const struct field *f = s->faults[i].field;
        if (f)
            html(h, "<li><a href=\"#%s\">%s</a></li>", f->name, s->faults[i].text);
        else
            html(h, "<li>%s</li>", s->faults[i].text);
    }
    html(h, "</ul></section>");
}

static void add_fault(struct arena *a, struct form_state *s, const struct field *f,
                      const struct fault *raised)
{
    if (raised && s->fault_count < LIMIT_FIELDS)
        s->faults[s->fault_count++] = (struct form_fault){f, arena_print(a, "%s", raised->text)};
}

/* A term by code, id or label. */
static int64_t find_term(const struct form_options *o, const struct field *f, const char *typed)
{
    char *wanted = fold_text(o->arena, typed);
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].code && facet_taken(f->to, o->at[i].group) &&
            (strcmp(o->at[i].code, typed) == 0 || strcmp(fold_text(o->arena, o->at[i].label), wanted) == 0 ||
             o->at[i].id == strtoll(typed, NULL, 10)))
            return o->at[i].id;
    return 0;
}

static void read_terms(struct arena *a, const struct form_options *o, const struct field *f,
                       const struct params *posted, void *record, struct form_state *s)
{
    struct term_list *terms = field_at(f, record);
    char *added = arena_print(a, "%s_add", f->name);
    if (!param(posted, added))
        return; /* this form did not show the field */
    *terms = (struct term_list){.ids = NEW(a, int64_t, posted->count + 1)};
    for (size_t i = 0; i < posted->count; i++) {
        const char *name = posted->at[i].name, *value = posted->at[i].value;
        if ((strcmp(name, f->name) != 0 && strcmp(name, added) != 0) || !*value)
            continue;
        int64_t id = find_term(o, f, value);
        if (!id)
            add_fault(a, s, f, fault(FAULT_INVALID, "%s: there is no term \"%s\".", tr(f->label), value));
        else if (!has_id(terms, id))
            terms->ids[terms->count++] = id;
    }
}

static void read_interval(struct arena *a, const struct field *f, const struct params *posted, void *record,
                          struct form_state *s)
{
    struct interval *value = field_at(f, record);
    for (int end = 0; end < 2; end++) {
        const char *typed = param(posted, arena_print(a, "%s_%s", f->name, end ? "max" : "min"));
        if (!typed)
            continue;
        struct end {
            int64_t id, version, value;
        } one = {.value = UNKNOWN_INTEGER};
        bool length = f->unit && strcmp(f->unit, "nm") == 0;
        const struct field end_field = {.name = f->name,
                                        .label = f->label,
                                        .unit = f->unit,
                                        .kind = length ? KIND_measure : KIND_integer,
                                        .offset = offsetof(struct end, value),
                                        .min = f->min,
                                        .max = f->max};
        struct fault *bad = value_parse(&end_field, a, slice_of(typed), &one);
        add_fault(a, s, f, bad);
        if (!bad)
            *(end ? &value->hi : &value->lo) = one.value;
    }
}

void form_read(struct arena *a, const struct record_type *type, field_mask mask, const struct form_options *o,
               const struct params *posted, void *record, struct form_state *s)
{
    s->typed = posted;
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        if (!(mask >> i & 1))
            continue;
        if (f->kind == KIND_terms) {
            read_terms(a, o, f, posted, record, s);
        } else if (f->kind == KIND_interval) {
            read_interval(a, f, posted, record, s);
        } else {
            const char *typed = param(posted, f->name);
            if (typed)
                add_fault(a, s, f, value_parse(f, a, slice_of(typed), record));
        }
    }
    if (!s->fault_count) {
        const struct fault *whole = record_check(type, record);
        const struct field *f = whole ? field_find(type, whole->field) : NULL;
        if (whole && !(f && (f->author || f->within))) /* the door knows by whom and, if it is hidden, on what */
            add_fault(a, s, f, whole);
    }
}
