/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "verify/verify.h"

#include <string.h>

#include "contents/contents.h"
#include "i18n/i18n.h"
#include "journal/journal.h"
#include "journal/past.h"
#include "journal/readings.h"
#include "rows/plan.h"
#include "text/fold.h"

#define OURS BY_PROGRAM("verify")

/* One count from SQL that was made from descriptions. */
static struct fault *count_of(struct connection *c, struct buffer *sql, int64_t *count)
{
    struct statement *s;
    bool row;
    TRY(buffer_check(sql));
    TRY(statement_find(c, buffer_view(sql), &s));
    TRY(statement_bind(c, s, NO_ARGS));
    TRY(statement_step(c, s, &row));
    *count = row ? statement_integer(s, 0) : 0;
    statement_reset(c, s);
    return NULL;
}

/* Links of one field to records that are not there, added to *dangling. */
static struct fault *field_links(struct connection *c, const struct record_type *t, const struct field *f,
                                 int64_t *dangling)
{
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    int64_t count = 0;
    buffer_print(sql,
                 OURS "SELECT count(*) FROM \"%s\" r WHERE r.\"%s\" IS NOT NULL"
                      " AND NOT EXISTS (SELECT 1 FROM \"%s\" o WHERE o.\"id\" = r.\"%s\")",
                 t->name, f->name, f->to, f->name);
    TRY(count_of(c, sql, &count));
    *dangling += count;
    return NULL;
}

static struct fault *links_verify(struct connection *c)
{
    int64_t dangling = 0;
    TRY(db_integer(c, &dangling, 0,
                   OURS "SELECT count(*) FROM record_term x WHERE NOT EXISTS"
                        " (SELECT 1 FROM term t WHERE t.id = x.term)",
                   NO_ARGS));
    for (int i = 0; i < record_type_count; i++)
        for (int k = 0; k < all_record_types[i]->count; k++)
            if (all_record_types[i]->fields[k].kind == KIND_ref)
                TRY(field_links(c, all_record_types[i], &all_record_types[i]->fields[k], &dangling));
    if (dangling)
        return fault(FAULT_INVALID, "%lld links lead to records that do not exist.", (long long)dangling);
    return NULL;
}

/* Terms on what is not there. */
static struct fault *terms_verify(struct connection *c, struct verification *v)
{
    int64_t known = 0;
    TRY(db_integer(c, &v->terms, 0, OURS "SELECT count(*) FROM record_term", NO_ARGS));
    for (int i = 0; i < record_type_count; i++) {
        ARENA_SCOPE(work);
        int64_t count = 0;
        struct buffer *sql = buffer_new(work, LIMIT_SQL);
        const char *name = all_record_types[i]->name;
        buffer_print(sql,
                     OURS "SELECT count(*) FROM record_term x JOIN \"%s\" r ON r.\"id\" = "
                          "x.record WHERE x.type = '%s'",
                     name, name);
        TRY(count_of(c, sql, &count));
        known += count;
    }
    if (known != v->terms)
        return fault(FAULT_INVALID, "%lld terms belong to records that do not exist.",
                     (long long)(v->terms - known));
    return NULL;
}

/* What is kept folded beside a text must be its folded form: the columns after those of the record. */
static struct fault *folds_verify(struct arena *work, const struct plan *p, struct statement *s,
                                  const void *record)
{
    for (int i = 0; i < p->folds_count; i++) {
        struct argument text = cell_argument(p->folds[i].of, record);
        bool kept = !statement_unknown(s, p->count + i);
        if (kept == (text.text != NULL) &&
            (!kept || slice_equal(statement_bytes(s, p->count + i), slice_of(fold_text(work, text.text)))))
            continue;
        return fault(FAULT_INVALID, "%s %lld: the folded form of a name or text is out of date.",
                     tr(p->type->title), (long long)((const struct record_head *)record)->id);
    }
    return NULL;
}

/* One type being verified. */
struct verifying {
    struct connection *connection;
    const struct plan *plan;
};

static struct fault *record_verify(void *owner, struct statement *s)
{
    ARENA_SCOPE(work);
    const struct verifying *v = owner;
    const struct plan *p = v->plan;
    void *record = record_new(work, p->type);
    TRY(cells_read(s, 0, p->cells, p->count, work, record));
    TRY(terms_attach(v->connection, work, p, record, 1, 0));
    const struct fault *wrong = record_check(p->type, record);
    if (!wrong)
        return folds_verify(work, p, s, record);
    return fault(FAULT_INVALID, "%s %lld, field %s: %s", tr(p->type->title),
                 (long long)((struct record_head *)record)->id, wrong->field, wrong->text);
}

static struct fault *type_verify(struct connection *c, const struct record_type *t, int64_t *records)
{
    ARENA_SCOPE(work);
    struct verifying v = {c, plan_of(c, t)};
    struct statement *s;
    TRY(plan_select(work, c, v.plan, "r.deleted_us IS NULL", &s));
    TRY(statement_walk(c, s, NO_ARGS));
    return statement_each(c, s, record_verify, &v, records);
}

struct fault *space_verify(struct connection *c, struct arena *a, struct verification *v)
{
    int64_t head, open;
    *v = (struct verification){.types = record_type_count};
    TRY(c->engine->verify(c, a, &v->pages));
    TRY(rows_check_schema(c));
    TRY(journal_verify(c, &v->sealed, &v->open));
    TRY(journal_head(c, a, &head, &v->head));
    TRY(db_integer(c, &v->erased, 0,
                   OURS "SELECT count(*) FROM journal j WHERE NOT EXISTS"
                        " (SELECT 1 FROM journal_values v WHERE v.entry = j.id)",
                   NO_ARGS));
    TRY(readings_verify(c, &v->readings, &open, &v->reading_lines));
    v->readings += open;
    TRY(months_verify(c, &v->states));
    TRY(links_verify(c));
    TRY(terms_verify(c, v));
    TRY(contents_verify(c, &v->contents));
    for (int i = 0; i < record_type_count; i++)
        TRY(type_verify(c, all_record_types[i], &v->records));
    return NULL;
}
