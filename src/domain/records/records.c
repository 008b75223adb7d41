/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "records/records.h"

#include <string.h>

#include "i18n/i18n.h"
#include "introductions/introductions.h"
#include "records/checks.h"
#include "records/choices.h"

#define RECORD(...) static const struct field JOIN(REC, _fields)[] = {
#define FIELD(kind_, name_, ...)                                                                             \
    {.name = #name_, .kind = KIND_##kind_, .offset = offsetof(struct REC, name_), __VA_ARGS__},
#define END_RECORD                                                                                           \
    }                                                                                                        \
    ;
#include "records/all.def"
#undef RECORD
#undef FIELD
#undef END_RECORD

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define RECORD(...)                                                                                          \
    const struct record_type JOIN(REC, _type) = {.name = TEXT(REC),                                          \
                                                 .fields = JOIN(REC, _fields),                               \
                                                 .count = COUNT(JOIN(REC, _fields)),                         \
                                                 .size = sizeof(struct REC),                                 \
                                                 __VA_ARGS__};
#define FIELD(...)
#define END_RECORD
#include "records/all.def"
#undef RECORD
#undef FIELD
#undef END_RECORD

const struct record_type *const all_record_types[] = {
#define RECORD(...) &JOIN(REC, _type),
#define FIELD(...)
#define END_RECORD
#include "records/all.def"
};
const int record_type_count = COUNT(all_record_types);

const struct record_type *record_type_find(const char *name)
{
    for (int i = 0; i < record_type_count; i++)
        if (strcmp(all_record_types[i]->name, name) == 0)
            return all_record_types[i];
    return NULL;
}
