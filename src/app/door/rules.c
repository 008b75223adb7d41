/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "door/rules.h"

#include "attached/attached.h"
#include "competitors/competitors.h"
#include "taxonomies/term_rules.h"

static const struct record_rules all_rules[] = {
    {&term_type, term_saving, term_removing},
    {&follow_type, follow_saving, NULL},
    {&note_type, note_saving, NULL},
    {&document_type, document_saving, NULL},
    {&competitor_type, competitor_saving, NULL},
};

static const struct record_rules *rules_of(const struct record_type *type)
{
    for (size_t i = 0; i < COUNT(all_rules); i++)
        if (all_rules[i].type == type)
            return &all_rules[i];
    return NULL;
}

struct fault *rules_saving(struct door *d, const struct record_type *type, const void *record,
                           const void *stored)
{
    const struct record_rules *rules = rules_of(type);
    return rules && rules->saving ? rules->saving(d, record, stored) : NULL;
}

struct fault *rules_removing(struct door *d, const struct record_type *type, const void *stored)
{
    const struct record_rules *rules = rules_of(type);
    return rules && rules->removing ? rules->removing(d, stored) : NULL;
}
