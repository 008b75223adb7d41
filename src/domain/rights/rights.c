/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rights/rights.h"

#include <string.h>

bool viewer_signed_in(const struct viewer *v)
{
    return v->person != 0;
}

static bool among(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t i = 0; id && i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

bool viewer_acts_for(const struct viewer *v, int64_t organisation)
{
    return among(v->organisations, v->count, organisation);
}

/* Who acts for nobody may be anybody's: not known is competing. */
static bool known_not_to_compete(const struct viewer *v, int64_t owner)
{
    return owner && v->count && !among(v->competitors, v->competitor_count, owner);
}

bool level_visible(const struct viewer *v, enum visibility level, int64_t owner)
{
    if (v->program)
        return true;
    switch (level) {
    case VISIBILITY_PUBLIC:
        return true;
    case VISIBILITY_SPACE:
        return viewer_signed_in(v);
    case VISIBILITY_NONCOMPETING:
        return known_not_to_compete(v, owner) || level_visible(v, VISIBILITY_CONFIDENTIAL, owner);
    case VISIBILITY_GRAPPE:
    case VISIBILITY_CONFIDENTIAL:
        return (v->roles & ROLE_FACILITATOR) || viewer_acts_for(v, owner);
    case VISIBILITY_PRIVATE:
        return viewer_acts_for(v, owner);
    case VISIBILITY_INHERIT:
        break;
    }
    return false;
}

enum visibility record_level(const struct record_type *type, const void *record)
{
    if (!type->visibility_field)
        return type->visibility;
    const struct field *f = field_find(type, type->visibility_field);
    return visibility_of_code(*(const char *const *)field_in(f, record));
}

int64_t record_owner(const struct record_type *type, const void *record)
{
    if (!type->owner)
        return 0;
    if (strcmp(type->owner, "id") == 0)
        return ((const struct record_head *)record)->id;
    return *(const int64_t *)field_in(field_find(type, type->owner), record);
}

/* The one person it is for, where its type says that it is for one. */
static bool is_reader(const struct record_type *type, const void *record, const struct viewer *v)
{
    return v->person && *(const int64_t *)field_in(field_find(type, type->reader), record) == v->person;
}

bool record_visible(const struct record_type *type, const void *record, const struct viewer *v)
{
    if (v->program || !(type->readers & v->roles))
        return v->program;
    return type->reader ? is_reader(type, record, v)
                        : level_visible(v, record_level(type, record), record_owner(type, record));
}

bool field_visible(const struct record_type *type, const struct field *f, const void *record,
                   const struct viewer *v)
{
    return f->visibility == VISIBILITY_INHERIT || level_visible(v, f->visibility, record_owner(type, record));
}

bool field_listable(const struct field *f, const struct viewer *v)
{
    /* Owner 0 is nobody's: what remains is what the viewer sees of everybody. */
    return f->visibility == VISIBILITY_INHERIT || level_visible(v, f->visibility, 0);
}

/* Somebody else has put their name to it. */
static bool signed_by_another(const struct record_type *type, const void *record, const struct viewer *v)
{
    bool another = false;
    for (int i = 0; i < type->count && ((const struct record_head *)record)->id; i++)
        another |=
            type->fields[i].author && *(const int64_t *)field_in(&type->fields[i], record) != v->person;
    return another;
}

static bool says_who_sees(const struct record_type *type, const struct field *f)
{
    return f->takes_off || (type->visibility_field && strcmp(type->visibility_field, f->name) == 0);
}

bool field_writable(const struct record_type *type, const struct field *f, const void *record,
                    const struct viewer *v)
{
    return v->program || (!f->author && (!f->writers || (f->writers & v->roles)) &&
                          (says_who_sees(type, f) || !signed_by_another(type, record, v)));
}

bool record_looked_after(const struct record_type *type, const void *record, const struct viewer *v)
{
    return level_visible(v, VISIBILITY_CONFIDENTIAL, record_owner(type, record));
}

bool record_writable(const struct record_type *type, const void *record, const struct viewer *v)
{
    if (type->reader)
        return record_visible(type, record, v);
    return v->program || (type->writers & v->roles) ||
           (type->owner_writes && viewer_acts_for(v, record_owner(type, record)));
}

bool type_creatable(const struct record_type *type, const struct viewer *v)
{
    bool owns_itself = type->owner && strcmp(type->owner, "id") == 0;
    return v->program || (type->writers & v->roles) ||
           (type->reader && v->person && (type->readers & v->roles)) ||
           (type->owner_writes && !owns_itself && v->count > 0);
}
