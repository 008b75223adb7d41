/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house_space.h"

#include "arena/arena.h"

static void close_house(void *house)
{
    house_close(house);
}

struct fault *house_space_open(struct arena *a, const char *folder, const char *name, struct house **house,
                               const struct space_info **space)
{
    TRY(house_open(folder, house));
    arena_defer(a, close_house, *house);
    *space = name ? house_named(*house, name) : house_count(*house) == 1 ? house_at(*house, 0) : NULL;
    if (*space)
        return NULL;
    return name ? fault(FAULT_NOT_FOUND, "There is no space named %s in %s.", name, folder)
                : fault(FAULT_INVALID, "%s holds several spaces: say which with --space.", folder);
}
