/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_guess.c - which column goes where: remembered, recognised, or said on the command line. */
#include <ctype.h>
#include <sodium.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "imports/import_fields.h"
#include "imports/import_room.h"
#include "queries/imports.h"
#include "rows/rows.h"
#include "text/buffer.h"

static const struct sight everything = {.program = "import"};

size_t import_field_count(void)
{
    return (size_t)import_rule_count;
}

struct import_field import_field_at(size_t i)
{
    const struct import_rule *r = &import_rules[i];
    return (struct import_field){r->key, r->label ? r->label : field_find(r->type, r->field)->label};
}

/* --- by names -------------------------------------------------------------------------------------- */

struct guess {
    struct import_columns *columns;
    struct slice *keys; /* of the columns */
};

static bool claimed(const struct import_columns *m, int rule)
{
    for (int i = 0; i < m->columns; i++)
        if (m->field[i] == rule)
            return !import_rules[rule].many;
    return false;
}

/* Gives the first free columns of that name to the rule. */
static void claim(struct guess *g, int rule, struct slice name)
{
    for (int i = 0; i < g->columns->columns && name.len && !claimed(g->columns, rule); i++)
        if (g->columns->field[i] == IMPORT_LEFT_OUT && slice_equal(g->keys[i], name))
            g->columns->field[i] = rule;
}

static void claim_exact(struct guess *g, struct arena *a)
{
    for (int rule = 0; rule < import_rule_count; rule++) {
        struct slice rest = slice_of(import_rules[rule].synonyms), name;
        while (slice_cut(&rest, ' ', &name))
            claim(g, rule, name);
        const char *label = import_field_at((size_t)rule).label; /* our own exports come back */
        claim(g, rule, register_column_key(a, tr_in(LANGUAGE_FR, label)));
        claim(g, rule, register_column_key(a, tr_in(LANGUAGE_EN, label)));
        claim(g, rule, register_column_key(a, import_rules[rule].key));
    }
}

/* "Certification 2", "Effectif (ETP)", "Téléphone standard": the longest synonym that the name begins
 * with. */
static int longest_beginning(const struct guess *g, struct slice key)
{
    enum { SHORTEST = 5 };
    int best = IMPORT_LEFT_OUT;
    size_t best_length = SHORTEST - 1;
    for (int rule = 0; rule < import_rule_count; rule++) {
        struct slice rest = slice_of(import_rules[rule].synonyms), name;
        while (!claimed(g->columns, rule) && slice_cut(&rest, ' ', &name))
            if (name.len > best_length && slice_starts(key, name)) {
                best = rule;
                best_length = name.len;
            }
    }
    return best;
}

static void guess(struct import_columns *m, const struct table *c, struct arena *a)
{
    struct guess g = {m, NEW(a, struct slice, m->columns + 1)};
    m->format = register_recognise(a, c);
    for (int i = 0; i < m->columns; i++) {
        g.keys[i] = register_column_key(a, table_column(c, i));
        m->field[i] = m->format && register_reads(m->format, i) ? IMPORT_OFFICIAL : IMPORT_LEFT_OUT;
    }
    if (m->format) /* what the register says already is not asked of another column */
        return;
    claim_exact(&g, a);
    for (int i = 0; i < m->columns; i++)
        if (m->field[i] == IMPORT_LEFT_OUT)
            m->field[i] = longest_beginning(&g, g.keys[i]);
}

/* --- remembered ------------------------------------------------------------------------------------ */

static const char *header_hash(struct arena *a, const struct table *c)
{
    unsigned char hash[16];
    struct buffer *b = buffer_new(a, 1 * MIB);
    for (int i = 0; i < table_columns(c); i++) {
        buffer_slice(b, register_column_key(a, table_column(c, i)));
        buffer_char(b, '\n');
    }
    struct slice names = buffer_view(b);
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)names.ptr, names.len, NULL, 0);
    char *text = NEW(a, char, 2 * sizeof hash + 1);
    return sodium_bin2hex(text, 2 * sizeof hash + 1, hash, sizeof hash);
}

static int rule_find(struct slice key)
{
    for (int i = 0; i < import_rule_count; i++)
        if (slice_equal(slice_of(import_rules[i].key), key))
            return i;
    return IMPORT_LEFT_OUT;
}

/* One key a line, in the order of the columns; a field that exists no longer is left out. */
static struct fault *recall(struct door *d, const char *hash, struct import_columns *m)
{
    int64_t id = 0;
    TRY(imports_mapping_of(door_connection(d), hash, &id));
    if (!id)
        return NULL;
    struct import_mapping stored;
    TRY(rows_load(door_connection(d), door_arena(d), &import_mapping_type, id, &everything, &stored));
    struct slice rest = slice_of(stored.mapping), key;
    for (int i = 0; i < m->columns && slice_cut(&rest, '\n', &key); i++)
        if (m->field[i] != IMPORT_OFFICIAL)
            m->field[i] = rule_find(key);
    m->remembered = true;
    return NULL;
}

static const char *mapping_text(struct arena *a, const struct import_columns *m)
{
    struct buffer *b = buffer_new(a, 1 * MIB);
    for (int i = 0; i < m->columns; i++)
        buffer_print(b, "%s\n", m->field[i] >= 0 ? import_rules[m->field[i]].key : "-");
    return buffer_string(b);
}

struct fault *import_remember(struct door *d, const struct table *c, const struct import_columns *m)
{
    struct arena *a = door_arena(d);
    struct transaction *t = door_transaction(d);
    struct import_mapping wanted;
    record_clear(&import_mapping_type, &wanted);
    wanted.source = header_hash(a, c);
    wanted.type = "organisation";
    wanted.mapping = mapping_text(a, m);
    int64_t id = 0, person = door_viewer(d)->person;
    TRY(imports_mapping_of(door_connection(d), wanted.source, &id));
    if (!id)
        return rows_insert(t, &import_mapping_type, &wanted, person);
    struct import_mapping stored;
    TRY(rows_load(door_connection(d), a, &import_mapping_type, id, &everything, &stored));
    if (strcmp(stored.mapping, wanted.mapping) == 0)
        return NULL;
    stored.mapping = wanted.mapping;
    return rows_update(t, &import_mapping_type, &stored, person);
}

struct fault *imports_guess(struct door *d, const struct table *c, const char *type, struct import_columns *m)
{
    TRY(import_allowed(d));
    if (strcmp(type, organisation_type.name) != 0)
        return fault_in("type",
                        fault(FAULT_INVALID, "Only organisations can be imported, not \"%.40s\".", type));
    struct arena *a = door_arena(d);
    *m = (struct import_columns){.columns = table_columns(c), .field = NEW(a, int, table_columns(c) + 1)};
    guess(m, c, a);
    return recall(d, header_hash(a, c), m);
}

/* --- said ------------------------------------------------------------------------------------------ */

static const char *columns_listed(struct arena *a, const struct table *c)
{
    struct buffer *b = buffer_new(a, 4 * KIB);
    for (int i = 0; i < table_columns(c) && b->len < 400; i++)
        buffer_print(b, "%s%s", i ? ", " : "", table_column(c, i));
    return buffer_string(b);
}

static const char *fields_listed(struct arena *a)
{
    struct buffer *b = buffer_new(a, 4 * KIB);
    for (int i = 0; i < import_rule_count; i++)
        buffer_print(b, "%s%s", i ? ", " : "", import_rules[i].key);
    return buffer_string(b);
}

struct fault *imports_map(struct arena *a, const struct table *c, struct import_columns *m,
                          const char *assignment)
{
    const char *equal = strrchr(assignment, '=');
    if (!equal)
        return fault(FAULT_INVALID, "\"%.80s\": written COLUMN=FIELD.", assignment);
    const char *name = slice_text(a, slice_trim((struct slice){assignment, (size_t)(equal - assignment)}));
    int column = table_column_find(c, name);
    if (column < 0)
        return fault(FAULT_INVALID, "There is no column \"%.60s\". The file has: %s.", name,
                     columns_listed(a, c));
    struct slice key = slice_trim(slice_of(equal + 1));
    int rule = rule_find(key);
    if (rule < 0 && key.len)
        return fault_in(table_column(c, column),
                        fault(FAULT_INVALID, "Column %.60s: there is no field \"%.40s\". Fields: %s.",
                              table_column(c, column), slice_text(a, key), fields_listed(a)));
    for (int i = 0; i < m->columns && rule >= 0; i++)
        if (m->field[i] == rule && !import_rules[rule].many)
            m->field[i] = IMPORT_LEFT_OUT; /* what was said counts more than what was guessed */
    m->field[column] = rule;
    return NULL;
}
