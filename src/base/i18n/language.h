/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* language.h - the language that faults and sentences are told in: that of the thread. */
#ifndef GRAPPE_LANGUAGE_H
#define GRAPPE_LANGUAGE_H

#include <stdbool.h>

enum language { LANGUAGE_FR, LANGUAGE_EN };

enum language language(void); /* of this thread; French until set */
void language_set(enum language);
bool language_parse(const char *code,
                    enum language *); /* "fr", "en", also "fr-FR,fr;q=0.9" (first known wins) */
const char *language_code(enum language);

#endif
