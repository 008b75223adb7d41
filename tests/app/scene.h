/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* scene.h - a space of its own for each test of app/, and short ways to fill it. */
#ifndef GRAPPE_TEST_SCENE_H
#define GRAPPE_TEST_SCENE_H

#include "door/door.h"

struct scene {
    char folder[64], path[256];
    struct space *space;
    struct arena *arena; /* of what the test keeps */
};

int scene_open(void **state); /* a struct scene */
int scene_close(void **state);

/* A door of the program, of a visitor (0), of a person; each sees the space as it is now. */
struct door *scene_program(struct scene *);
struct door *scene_door(struct scene *, int64_t person);
/* The same for a moment: the door and what is read through it live in the arena. Many doors held open at once
 * are slow: each has a connection of its own. */
struct door *scene_door_in(struct scene *, struct arena *, int64_t person);

int64_t scene_term(struct scene *,
                   const char *code); /* of the built-in taxonomy; fails the test when there is none */
int64_t scene_organisation(struct scene *, const char *name, const char *level);
/* level NULL: "public". Terms as codes separated by spaces; "" none. */
int64_t scene_capability(struct scene *, int64_t organisation, const char *title, const char *processes,
                         const char *materials, const char *level);
void scene_site(struct scene *, int64_t organisation, const char *commune, const char *code);
void scene_certificate(struct scene *, int64_t organisation, const char *certification, int64_t until);
int64_t scene_person(struct scene *, const char *name, const char *role, int64_t organisation);

#endif
