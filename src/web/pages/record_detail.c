/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record_detail.c - one record as facts, its history, the fields of its form. */
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/record_view.h"
#include "templates.h"

void record_facts_draw(struct html *h, const struct record_page_view *v)
{
    html(h, "<dl class=\"facts\">");
    for (int i = 0; i < v->type->count; i++) {
        const struct field *f = &v->type->fields[i];
        if (!(v->shown >> i & 1) || !field_known(f, v->record))
            continue;
        html(h, "<dt>%s</dt><dd>", tr(f->label));
        field_draw(h, v->names, f, v->record);
        html(h, "</dd>");
    }
    html(h, "</dl>");
}

void changes_draw(struct html *h, const struct history_line *line)
{
    for (size_t c = 0; c < line->count; c++) {
        const struct history_change *change = &line->changes[c];
        html(h, "%s%s", c ? ", " : "", tr(change->field->label));
        if (change->field->kind == KIND_ref || change->field->kind == KIND_terms)
            continue;
        const char *after = change->after ? change->after : "—";
        if (change->before)
            html(h, "%s%s → %s", tr(": "), change->before, after);
        else
            html(h, "%s%s", tr(": "), after);
    }
}

void history_text(struct html *h, struct arena *a, const struct history_line *line)
{
    html(h, "<time datetime=\"%s\">%s</time> %s %s%s", instant_print(a, line->at_us),
         day_in_words(a, day_at(line->at_us), true), line->person ? line->person : tr("the program"),
         line->act, line->count ? tr(": ") : "");
    changes_draw(h, line);
}

/* Fields under the headings of the description; a heading whose fields are not this person's is left out. */
void record_fields_draw(struct html *h, const struct record_edit_view *v)
{
    const char *heading = NULL, *drawn = NULL;
    bool open = false;
    for (int i = 0; i < v->type->count; i++) {
        const struct field *f = &v->type->fields[i];
        heading = f->group ? f->group : heading;
        if (!(v->shown >> i & 1) || f->takes_off || !field_writable(v->type, f, v->record, v->viewer))
            continue; /* taking off is an act of its own */
        if (f->within) { /* where it hangs is chosen on the page of that record */
            if (field_known(f, v->record))
                html(h, "<input type=\"hidden\" name=\"%s\" value=\"%lld\">", f->name,
                     (long long)*(const int64_t *)field_in(f, v->record));
            continue;
        }
        if (open && heading != drawn)
            html(h, "</div></fieldset>");
        if (heading && heading != drawn)
            html(h, "<fieldset class=\"form-section\"><legend>%s</legend><div class=\"form-fields\">",
                 tr(heading));
        else if (!open)
            html(h, "<div class=\"form-fields\">");
        open = true;
        drawn = heading;
        form_field(h, v->type, f, v->record, v->options, v->state);
    }
    if (open)
        html(h, "</div>");
    if (open && drawn)
        html(h, "</fieldset>");
}
