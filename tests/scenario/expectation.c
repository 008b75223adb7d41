/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* expectation.c - who may see and write what, worked out anew from roles, levels and owners. */
#include <string.h>

#include "scenario/world.h"

static bool speaks_for(const struct who *who, int64_t organisation)
{
    return organisation && (who->organisations[0] == organisation || who->organisations[1] == organisation);
}

static bool is_facilitator(const struct who *who)
{
    return who->signed_in && strcmp(who->role, "facilitator") == 0;
}

/* Has the owner named one of theirs, or one of theirs the owner? */
static bool competes(const struct world *w, const struct who *who, int64_t owner)
{
    for (size_t i = 0; i < w->count; i++) {
        const struct competitor *c = w->things[i].record;
        if (w->things[i].type == &competitor_type &&
            ((c->organisation == owner && speaks_for(who, c->competitor)) ||
             (c->competitor == owner && speaks_for(who, c->organisation))))
            return true;
    }
    return false;
}

static bool level_open(const struct world *w, const struct who *who, enum visibility level, int64_t owner)
{
    if (level == VISIBILITY_PUBLIC || speaks_for(who, owner))
        return true;
    if (level == VISIBILITY_SPACE)
        return who->signed_in;
    if (level == VISIBILITY_NONCOMPETING && who->organisations[0] && !competes(w, who, owner))
        return true;
    return level != VISIBILITY_PRIVATE && is_facilitator(who);
}

static int role_bit(const struct who *who)
{
    static const struct {
        const char *code;
        int bit;
    } bits[] = {{"member", ROLE_MEMBER},
                {"facilitator", ROLE_FACILITATOR},
                {"funder", ROLE_FUNDER},
                {"planner", ROLE_PLANNER},
                {"operator", ROLE_OPERATOR}};
    for (size_t i = 0; who->signed_in && i < COUNT(bits); i++)
        if (strcmp(who->role, bits[i].code) == 0)
            return bits[i].bit | ROLE_VISITOR;
    return ROLE_VISITOR;
}

bool may_ask(const struct who *who, int right)
{
    return (role_bit(who) & right) != 0;
}

/* What it hangs on may be seen, and it was not taken off that by others than who looks. */
static bool hangs_in_sight(const struct world *w, const struct who *who, const struct thing *t)
{
    const struct thing *on = t->hangs_on ? world_thing(w, t->hangs_on) : NULL;
    if (!on || (t->type->owner && speaks_for(who, t->owner)))
        return true;
    return may_see_record(w, who, on) &&
           (!record_taken_off(t->type, t->record) || is_facilitator(who) || speaks_for(who, on->owner));
}

bool may_see_record(const struct world *w, const struct who *who, const struct thing *t)
{
    if (!(t->type->readers & role_bit(who)) || !hangs_in_sight(w, who, t))
        return false;
    if (t->reader || !level_open(w, who, t->level, t->owner))
        return t->reader && who->signed_in && t->reader == who->person;
    const struct thing *owner = t->owner && t->owner != t->id ? world_thing(w, t->owner) : NULL;
    return !owner || may_see_record(w, who, owner);
}

bool may_see_field(const struct world *w, const struct who *who, const struct thing *t, const struct field *f)
{
    return may_see_record(w, who, t) &&
           (f->visibility == VISIBILITY_INHERIT || level_open(w, who, f->visibility, t->owner));
}

bool may_take_off(const struct world *w, const struct who *who, const struct thing *t)
{
    const struct thing *on = t->hangs_on && type_takes_off(t->type) ? world_thing(w, t->hangs_on) : NULL;
    return on && may_see_record(w, who, t) && may_see_record(w, who, on) &&
           (is_facilitator(who) || speaks_for(who, on->owner));
}

bool may_write_record(const struct world *w, const struct who *who, const struct thing *t)
{
    return may_see_record(w, who, t) && (t->reader || (t->type->writers & role_bit(who) & ~ROLE_VISITOR) ||
                                         (t->type->owner_writes && speaks_for(who, t->owner)));
}
