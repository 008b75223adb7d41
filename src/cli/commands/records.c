/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* records.c - grappe records: the data dictionary, out of the descriptions that everything else runs on. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "i18n/i18n.h"
#include "limits/limits.h"
#include "options.h"
#include "records/records.h"
#include "text/buffer.h"
#include "text/json.h"

/* The level that counts: a field without one has its record's. */
static const char *level_words(enum visibility level)
{
    for (const struct choice *c = visibility_choices; c->code; c++)
        if (strcmp(c->code, visibility_code(level)) == 0)
            return tr(c->label);
    return tr("as the record");
}

static const char *unit_words(const struct field *f)
{
    return f->unit ? tr(f->unit) : "";
}

static void add_note(struct buffer *b, const char *note)
{
    if (*note)
        buffer_print(b, "%s%s", b->len ? "; " : "", note);
}

/* Whatever else the row of the .def says, in one line. */
static const char *notes(struct arena *a, const struct field *f)
{
    struct buffer *b = buffer_new(a, MIB);
    add_note(b, f->required ? tr("required") : "");
    add_note(b, f->unique ? tr("unique") : "");
    add_note(b, f->to ? arena_print(a, "→ %s", f->to) : "");
    add_note(b, f->visibility != VISIBILITY_INHERIT ? level_words(f->visibility) : "");
    add_note(b, f->personal ? tr("personal data") : "");
    add_note(b, f->retention_months ? arena_print(a, tr("kept %d months"), f->retention_months) : "");
    return buffer_string(b);
}

static void print_field(struct arena *a, const struct field *f)
{
    const char *more = notes(a, f);
    (void)printf("  %3d  %-16s %-9s %s%s%s%s%s\n", f->id, f->name, kind_name(f->kind), tr(f->label),
                 f->unit ? ", " : "", unit_words(f), *more ? "; " : "", more);
    const char *texts[] = {f->purpose, f->help};
    for (size_t i = 0; i < COUNT(texts); i++)
        if (texts[i])
            (void)printf("       %s\n", tr(texts[i]));
    for (const struct choice *c = f->choices; c && c != visibility_choices && c->code; c++)
        (void)printf("       %-16s %s\n", c->code, tr(c->label));
}

static void print_type(struct arena *a, const struct record_type *t)
{
    (void)printf("%s: %s\n%s\n", t->name, tr(t->title), tr(t->purpose));
    (void)printf(tr("Seen by: %s%s.\n"), level_words(t->visibility),
                 t->visibility_field ? tr(", unless the record says otherwise") : "");
    if (t->retention_months)
        (void)printf(tr("Kept: as long as it serves, then %d months.\n"), t->retention_months);
    if (t->basis)
        (void)printf(tr("On what ground: %s\n"), tr(t->basis));
    for (int i = 0; i < t->count; i++)
        print_field(a, &t->fields[i]);
    (void)printf("\n");
}

static void key_text(struct json *j, const char *key, const char *text)
{
    json_put_key(j, key);
    json_put_text(j, text);
}

static void json_field(struct json *j, const struct field *f)
{
    json_begin_object(j);
    json_put_key(j, "id");
    json_put_integer(j, f->id);
    key_text(j, "name", f->name);
    key_text(j, "kind", kind_name(f->kind));
    key_text(j, "label", tr(f->label));
    key_text(j, "group", f->group ? tr(f->group) : NULL);
    key_text(j, "help", f->help ? tr(f->help) : NULL);
    key_text(j, "unit", f->unit ? tr(f->unit) : NULL);
    json_put_key(j, "required");
    json_put_bool(j, f->required);
    json_put_key(j, "unique");
    json_put_bool(j, f->unique);
    json_put_key(j, "min");
    json_put_integer(j, f->min || f->max ? f->min : UNKNOWN_INTEGER);
    json_put_key(j, "max");
    json_put_integer(j, f->max ? f->max : UNKNOWN_INTEGER);
    key_text(j, "to", f->to);
    key_text(j, "visibility", visibility_code(f->visibility));
    key_text(j, "purpose", f->purpose ? tr(f->purpose) : NULL);
    json_put_key(j, "retention_months");
    json_put_integer(j, f->retention_months ? f->retention_months : UNKNOWN_INTEGER);
    json_put_key(j, "personal");
    json_put_bool(j, f->personal);
    json_put_key(j, "choices");
    json_begin_array(j);
    for (const struct choice *c = f->choices; c && c->code; c++) {
        json_begin_object(j);
        key_text(j, "code", c->code);
        key_text(j, "label", tr(c->label));
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void json_type(struct json *j, const struct record_type *t)
{
    json_begin_object(j);
    key_text(j, "name", t->name);
    key_text(j, "title", tr(t->title));
    key_text(j, "plural", tr(t->plural));
    key_text(j, "purpose", tr(t->purpose));
    key_text(j, "owner", t->owner);
    key_text(j, "visibility", visibility_code(t->visibility));
    key_text(j, "visibility_field", t->visibility_field);
    json_put_key(j, "retention_months");
    json_put_integer(j, t->retention_months ? t->retention_months : UNKNOWN_INTEGER);
    key_text(j, "basis", t->basis ? tr(t->basis) : NULL);
    json_put_key(j, "fields");
    json_begin_array(j);
    for (int i = 0; i < t->count; i++)
        json_field(j, &t->fields[i]);
    json_end(j);
    json_end(j);
}

static struct fault *run(struct arena *a, int argc, char **argv)
{
    bool as_json = false;
    const char *wanted = NULL;
    const struct command_option json = {"json", .flag = &as_json};
    TRY(options_read(argc, argv, &json, 1, (struct operand){&wanted, NULL}));
    if (wanted && !record_type_find(wanted))
        return fault(FAULT_NOT_FOUND, "There is no record type \"%.60s\".", wanted);
    struct buffer *out = buffer_new(a, LIMIT_RESPONSE);
    struct json j = json_writer(out);
    json_begin_array(&j);
    for (int i = 0; i < record_type_count; i++)
        if (wanted && strcmp(wanted, all_record_types[i]->name) != 0)
            continue;
        else if (as_json)
            json_type(&j, all_record_types[i]);
        else
            print_type(a, all_record_types[i]);
    json_end(&j);
    TRY(buffer_check(out));
    if (as_json)
        (void)printf("%s\n", buffer_string(out));
    return NULL;
}

const struct command records_command = {
    .name = "records",
    .summary = N_("Print what is recorded, field by field: the data dictionary"),
    .help = N_(
        "Usage: grappe records [TYPE] [--json]\n\n"
        "Every record type and field: permanent number, name, kind, label, unit, who may see it, why it is\n"
        "asked, how long it is kept, whether it is personal data.\n\n"
        "  --json   the same as a JSON array\n\n"
        "Example: grappe records organisation"),
    .run = run};
