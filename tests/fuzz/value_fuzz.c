/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* value_fuzz.c - any bytes typed into any field: read or refused with the field named; what is read is
 * accepted by the record's own check of that field, and reads back the same from its typed and from its plain
 * form. The first byte picks the field, its lowest bit the language; the rest is what was typed. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "records/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static const struct field *pick(unsigned number, const struct record_type **type)
{
    unsigned all = 0;
    for (int i = 0; i < record_type_count; i++)
        all += (unsigned)all_record_types[i]->count;
    number %= all;
    for (int i = 0;; i++) {
        *type = all_record_types[i];
        if (number < (unsigned)(*type)->count)
            return &(*type)->fields[number];
        number -= (unsigned)(*type)->count;
    }
}

static void read_back(const struct field *f, struct arena *a, const void *record, const struct record_type *t)
{
    void *typed = record_new(a, t), *plain = record_new(a, t);
    require(!value_parse(f, a, slice_of(value_typed(f, a, record)), typed));
    require(field_equal(f, record, typed));
    require(!value_load(f, a, slice_of(value_plain(f, a, record)), plain));
    require(field_equal(f, record, plain));
    require((*value_shown(f, a, record) != '\0') == field_known(f, record));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct record_type *t;
    if (size < 2)
        return 0;
    ARENA_SCOPE(a);
    const struct field *f = pick((unsigned)data[0] * 256U + data[1], &t);
    struct slice typed = {(const char *)data + 2, size - 2};
    void *record = record_new(a, t);
    language_set(data[1] % 2 ? LANGUAGE_FR : LANGUAGE_EN);
    const struct fault *wrong = value_parse(f, a, typed, record);
    if (wrong) {
        require(wrong->code == FAULT_INVALID || wrong->code == FAULT_LIMIT);
        require(strcmp(wrong->field, f->name) == 0);
        require(!field_known(f, record));
    } else {
        read_back(f, a, record, t);
    }
    wrong = value_load(f, a, typed, record);
    require(!wrong || !field_known(f, record));
    return 0;
}
