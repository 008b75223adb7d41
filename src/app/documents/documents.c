/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "documents/documents.h"

#include "arena/arena.h"
#include "attached/attached.h"
#include "contents/contents.h"
#include "db/db.h"
#include "documents/document_kinds.h"
#include "i18n/i18n.h"
#include "rows/rows.h"

/* Checked before anything is written. */
static struct fault *check_file(const char *file_name, struct slice bytes)
{
    const struct document_kind *kind;
    if (bytes.len > LIMIT_DOCUMENT)
        return fault_in("file", fault(FAULT_LIMIT, "A document has at most %zu MB.", LIMIT_DOCUMENT / MIB));
    return document_kind_of(file_name, bytes, &kind);
}

/* In the transaction: whoever gives at the same time waits. */
static struct fault *check_room(struct door *d, const struct document *of, size_t bytes)
{
    int64_t given = 0;
    TRY(contents_given(door_connection(d), of->organisation, documents_gone_us(), &given));
    if (given + (int64_t)bytes <= LIMIT_DOCUMENTS)
        return NULL;
    return fault_in("file", fault(FAULT_LIMIT, "The documents of this organisation take all the room they have."));
}

static struct fault *next_number(struct door *d, int64_t document, int64_t *number)
{
    struct list_page page;
    TRY(attached_list(d, &document_version_type, &document_type, document, &page));
    *number = page.count ? ((const struct document_version *)page.records)[0].number + 1 : 1;
    return NULL;
}

static struct fault *give(struct door *d, int64_t id, const char *file_name, struct slice bytes,
                          struct document_version *made)
{
    struct document of;
    char name[CONTENT_NAME + 1];
    TRY(door_load(d, document, id, &of, NULL));
    if (!door_may_write(d, &document_type, &of))
        return fault(FAULT_DENIED, "You may not change this: %s.", tr(document_type.title));
    TRY(check_room(d, &of, bytes.len));
    record_clear(&document_version_type, made);
    content_name(bytes, name);
    made->document = id;
    made->file_name = file_name;
    made->size = (int64_t)bytes.len;
    made->hash = arena_print(door_arena(d), "%s", name);
    made->author = door_viewer(d)->person;
    TRY(next_number(d, id, &made->number));
    TRY(record_check(&document_version_type, made));
    TRY(content_keep(door_transaction(d), name, bytes));
    return rows_insert(door_transaction(d), &document_version_type, made, door_viewer(d)->person);
}

/* `document` is added first when it is not yet there. */
static struct fault *run(struct door *d, struct document *document, int64_t id, const char *file_name,
                         struct slice bytes, struct document_version *made)
{
    bool own = !door_transaction(d);
    TRY(check_file(file_name, bytes));
    if (own)
        TRY(door_begin(d));
    struct fault *failed = document ? door_save(d, document, document, ALL_FIELDS) : NULL;
    if (!failed)
        failed = give(d, document ? document->id : id, file_name, bytes, made);
    if (!failed)
        return own ? door_commit(d) : NULL;
    struct fault kept = *failed;
    if (own)
        door_abandon(d);
    return fault_again(&kept);
}

struct fault *document_give(struct door *d, int64_t document, const char *file_name, struct slice bytes,
                            struct document_version *made)
{
    return run(d, NULL, document, file_name, bytes, made);
}

struct fault *document_add(struct door *d, struct document *document, const char *file_name, struct slice bytes)
{
    struct document_version made;
    if (!document->title)
        document->title = file_name;
    return run(d, document, 0, file_name, bytes, &made);
}

struct fault *documents_newest(struct door *d, const int64_t *documents, size_t count,
                               struct document_version **newest)
{
    const struct filter of = {.field = field_find(&document_version_type, "document"),
                              .comparison = OPERATOR_ANY_OF,
                              .any = documents,
                              .any_count = count};
    const struct list_query query = {.type = &document_version_type,
                                     .filters = &of,
                                     .filter_count = 1,
                                     .sort = field_find(&document_version_type, "number"),
                                     .limit = LIMIT_EXPORT_ROWS};
    const struct sight sight = door_sight(d);
    struct document_version *all = NULL;
    size_t found = 0;
    *newest = NEW(door_arena(d), struct document_version, count + 1);
    if (count)
        TRY(rows_list(door_connection(d), door_arena(d), &query, &sight, (void **)&all, &found, NULL));
    for (size_t i = 0; i < found; i++) /* the later ones last */
        for (size_t k = 0; k < count; k++)
            if (documents[k] == all[i].document)
                (*newest)[k] = all[i];
    return NULL;
}

struct fault *document_fetch(struct door *d, int64_t id, struct document_version *v, const char **type,
                             struct slice *bytes)
{
    struct document of;
    const struct document_kind *kind;
    TRY(door_load(d, document_version, id, v, NULL));
    TRY(door_load(d, document, v->document, &of, NULL));
    TRY(content_load(door_connection(d), door_arena(d), v->hash, bytes));
    TRY(document_kind_of(v->file_name, *bytes, &kind));
    *type = kind->type;
    return door_note_fetched(d, &document_type, &of);
}
