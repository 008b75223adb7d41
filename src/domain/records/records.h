/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* records.h - the struct and the description of every record type, from records/all.def. */
#ifndef GRAPPE_RECORDS_H
#define GRAPPE_RECORDS_H

#include "record/record.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#define RECORD(...)                                                                                          \
    struct REC {                                                                                             \
        int64_t id, version;
#define FIELD(kind, name, ...) c_##kind name;
#define END_RECORD                                                                                           \
    }                                                                                                        \
    ;
#include "records/all.def"
#undef RECORD
#undef FIELD
#undef END_RECORD

#define RECORD(...) extern const struct record_type JOIN(REC, _type);
#define FIELD(...)
#define END_RECORD
#include "records/all.def"
#undef RECORD
#undef FIELD
#undef END_RECORD

extern const struct record_type *const all_record_types[];
extern const int record_type_count;

const struct record_type *record_type_find(const char *name); /* NULL if there is none */

#endif
