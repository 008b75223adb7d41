/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* views.c - the rules of visibility as views, made from the descriptions: all that an asker's statement can
 * read.
 *
 * seen_TYPE: the records the asker may see. count_of_TYPE: how many, in parts. terms_of_TYPE: their terms.
 * seen_journal: the entries about them, and about what was removed and was the asker's to see with all that
 * is confidential; the door judges the times that entries are of. Fields of a narrower level than their
 * record are the door's to hide: testing them row by row cost more than the views do. Who asks,
 * asker_reads(), asker_level(), asker_organisations(), asker_competitors() and asker_person() tell: functions
 * of the connection (db/sight.h). */
#include <string.h>

#include "records/records.h"
#include "rows/plan.h"

/* The organisation that `column` names is one of the asker's. */
static void mine(struct buffer *b, const struct record_type *t)
{
    buffer_print(b, "r.\"%s\" IN (SELECT id FROM id_list(asker_organisations()))", t->owner);
}

/* asker_level(code) is the code of a level that is open to the asker whoever owns the record, or NULL. */
static void open_level(struct buffer *b, const struct dialect *d, enum visibility level)
{
    buffer_print(b, "(%sasker_level('%s'))", d->once, visibility_code(level));
}

/* The record is of a level that is open to everybody like the asker. One that is not known is private. */
static void open_record(struct buffer *b, const struct dialect *d, const struct record_type *t)
{
    if (!t->visibility_field) {
        open_level(b, d, t->visibility);
        buffer_text(b, " IS NOT NULL");
        return;
    }
    buffer_print(b, "r.\"%s\" IN (", t->visibility_field);
    for (int level = VISIBILITY_PUBLIC; level < VISIBILITY_PRIVATE; level++) {
        buffer_text(b, level > VISIBILITY_PUBLIC ? ", " : "");
        open_level(b, d, (enum visibility)level);
    }
    buffer_print(b,
                 ") AND (r.\"%s\" <> '%s' OR r.\"%s\" NOT IN (SELECT id FROM id_list(asker_competitors())))",
                 t->visibility_field, visibility_code(VISIBILITY_NONCOMPETING), t->owner);
}

/* It was not taken off what it hangs on, `w`, or the asker looks after that. */
static void not_taken_off(struct buffer *b, const struct dialect *d, const struct record_type *t,
                          const struct record_type *on)
{
    const struct field *off = type_takes_off(t);
    if (!off)
        return;
    buffer_print(b, " AND ((r.\"%s\" = 1) IS NOT TRUE OR ", off->name);
    open_level(b, d, VISIBILITY_CONFIDENTIAL);
    buffer_print(b, " IS NOT NULL OR w.\"%s\" IN (SELECT id FROM id_list(asker_organisations())))",
                 on->owner);
}

/* It is the asker's organisation's own, or what it hangs on may be seen. */
static void within(struct buffer *b, const struct dialect *d, const struct record_type *t)
{
    if (!type_hangs(t))
        return;
    buffer_char(b, '(');
    if (t->owner) {
        mine(b, t);
        buffer_text(b, " OR (");
    }
    for (int i = 0, said = 0; i < t->count; i++) {
        const struct field *f = &t->fields[i];
        if (!f->within)
            continue;
        buffer_print(b,
                     "%s(r.\"%s\" IS NULL OR EXISTS (SELECT 1 FROM \"seen_%s\" w WHERE w.\"id\" = r.\"%s\"",
                     said++ ? " AND " : "", f->name, f->to, f->name);
        not_taken_off(b, d, t, record_type_find(f->to));
        buffer_text(b, "))");
    }
    buffer_text(b, t->owner ? ")) AND " : ") AND ");
}

/* It is there, the asker's role reads its type, and the organisation it belongs to and what it hangs on may
 * be seen. */
static void readable(struct buffer *b, const struct dialect *d, const struct record_type *t)
{
    buffer_print(b, "r.deleted_us IS NULL AND (%sasker_reads(%d)) AND ", d->once, t->readers);
    if (t->owner && strcmp(t->owner, "id") != 0)
        buffer_print(b, "EXISTS (SELECT 1 FROM \"seen_%s\" o WHERE o.\"id\" = r.\"%s\") AND ",
                     field_find(t, t->owner)->to, t->owner);
    within(b, d, t);
}

/* It is the asker's own, where the type is for one person. */
static bool for_one(struct buffer *b, const struct dialect *d, const struct record_type *t)
{
    if (t->reader)
        buffer_print(b, "r.\"%s\" = (%sasker_person())", t->reader, d->once);
    return t->reader != NULL;
}

/* A page is read along the index of its order, not along that of levels. */
static void condition(struct buffer *b, const struct dialect *d, const struct record_type *t)
{
    readable(b, d, t);
    if (for_one(b, d, t))
        return;
    buffer_print(b, "(%s", t->visibility_field ? d->no_index : "");
    open_record(b, d, t);
    if (t->owner) {
        buffer_text(b, " OR ");
        mine(b, t);
    }
    buffer_char(b, ')');
}

/* How many there are, without looking at each: those of open levels along the index of levels, and the
 * others of the asker's organisations. */
static void count_view(struct buffer *b, const struct dialect *d, const struct record_type *t)
{
    buffer_print(b, "SELECT count(*) AS n FROM \"%s\" r WHERE ", t->name);
    readable(b, d, t);
    if (for_one(b, d, t))
        return;
    open_record(b, d, t);
    if (!t->owner)
        return;
    buffer_print(b, " UNION ALL SELECT count(*) AS n FROM \"%s\" r WHERE ", t->name);
    readable(b, d, t);
    mine(b, t);
    buffer_text(b, " AND (");
    open_record(b, d, t);
    buffer_text(b, ") IS NOT TRUE");
}

static void records_view(struct buffer *b, const struct dialect *d, const struct plan *p)
{
    buffer_print(b, "SELECT %s", p->columns);
    for (int i = 0; i < p->folds_count; i++)
        buffer_print(b, ", r.%s", p->folds[i].name);
    buffer_print(b, " FROM \"%s\" r WHERE ", p->type->name);
    condition(b, d, p->type);
}

static void terms_view(struct buffer *b, const struct dialect *d, const struct record_type *t)
{
    buffer_print(b,
                 "SELECT x.type, x.record, x.field, x.term FROM record_term x, \"%s\" r WHERE x.type = '%s'"
                 " AND r.\"id\" = x.record AND ",
                 t->name, t->name);
    condition(b, d, t);
}

/* It was removed, and belonged to whose confidential matters the asker sees. */
static void removed(struct buffer *b, const struct dialect *d, const struct record_type *t)
{
    buffer_print(b,
                 "EXISTS (SELECT 1 FROM \"%s\" r WHERE r.\"id\" = j.record AND r.deleted_us IS NOT NULL"
                 " AND (%sasker_reads(%d)) AND ",
                 t->name, d->once, t->readers);
    within(b, d, t);
    buffer_char(b, '(');
    if (for_one(b, d, t)) {
        buffer_text(b, "))");
        return;
    }
    open_level(b, d, VISIBILITY_CONFIDENTIAL);
    buffer_text(b, " IS NOT NULL AND ");
    open_record(b, d, t);
    if (t->owner) {
        buffer_text(b, " OR ");
        mine(b, t);
    }
    buffer_text(b, "))");
}

/* Every table of a view has a column read besides its key: of one that has none, SQLite does not say which
 * view reads it. */
static void journal_view(struct buffer *b, const struct dialect *d)
{
    buffer_text(b, "SELECT j.id, j.at_us, j.person, j.record, j.act, j.type,"
                   " (SELECT v.changes FROM journal_values v WHERE v.entry = j.id) AS changes,"
                   " j.batch FROM journal j WHERE CASE j.type");
    for (int i = 0; i < record_type_count; i++) {
        buffer_print(b, " WHEN '%s' THEN EXISTS (SELECT 1 FROM \"seen_%s\" s WHERE s.\"id\" = j.record) OR ",
                     all_record_types[i]->name, all_record_types[i]->name);
        removed(b, d, all_record_types[i]);
    }
    buffer_text(b, " END");
}

/* What reads the tables is a part of the view that goes by the key of the connection, which a statement that
 * calls something else seen_TYPE does not know. */
static void begin(struct buffer *b, const struct connection *c, const char *kind, const char *type)
{
    buffer_print(b, "%s\"%s%s\" AS ", c->engine->dialect.view, kind, type);
    if (*c->key)
        buffer_print(b, "WITH \"%s\" AS (", c->key);
}

static void end(struct buffer *b, const struct connection *c)
{
    if (*c->key)
        buffer_print(b, ") SELECT * FROM \"%s\"", c->key);
    buffer_text(b, ";\n");
}

void views_define(struct buffer *b, struct connection *c)
{
    const struct dialect *d = &c->engine->dialect;
    for (int i = 0; i < record_type_count; i++) { /* owners come before what is theirs */
        const struct plan *p = plan_of(c, all_record_types[i]);
        begin(b, c, "seen_", p->type->name);
        records_view(b, d, p);
        end(b, c);
        begin(b, c, "count_of_", p->type->name);
        count_view(b, d, p->type);
        end(b, c);
        begin(b, c, "terms_of_", p->type->name);
        terms_view(b, d, p->type);
        end(b, c);
    }
    begin(b, c, "seen_", "journal");
    journal_view(b, d);
    end(b, c);
    buffer_text(b, d->views_done);
}
