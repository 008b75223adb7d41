/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "records/choices.h"

#include <string.h>

#include "i18n/i18n.h"

const struct choice organisation_kinds[] = {
    {"company", N_("Company")},         {"brand", N_("Brand")},
    {"laboratory", N_("Laboratory")},   {"school", N_("School or training body")},
    {"institution", N_("Public body")}, {"funder", N_("Funder")},
    {"association", N_("Association")}, {NULL, NULL}};

/* European Commission bands (recommendation 2003/361/EC), by headcount. */
const struct choice size_classes[] = {{"micro", N_("Fewer than 10 people")},
                                      {"small", N_("10 to 49 people")},
                                      {"medium", N_("50 to 249 people")},
                                      {"large", N_("250 people and more")},
                                      {NULL, NULL}};

const struct choice person_roles[] = {{"member", N_("Member")},     {"facilitator", N_("Facilitator")},
                                      {"funder", N_("Funder")},     {"planner", N_("Planner")},
                                      {"operator", N_("Operator")}, {NULL, NULL}};

const struct choice languages[] = {{"fr", N_("French")}, {"en", N_("English")}, {NULL, NULL}};

const struct choice digest_rates[] = {{"now", N_("As it happens")},
                                      {"day", N_("Every day")},
                                      {"week", N_("Every Monday")},
                                      {"never", N_("Never")},
                                      {NULL, NULL}};

const struct choice capability_origins[] = {{"declared", N_("Declared by the organisation")},
                                            {"imported", N_("From an imported file")},
                                            {"read", N_("Read in the text")},
                                            {"confirmed", N_("Confirmed")},
                                            {NULL, NULL}};

const struct choice need_states[] = {{"draft", N_("Draft")},
                                     {"open", N_("Open")},
                                     {"met", N_("Met")},
                                     {"abandoned", N_("Abandoned")},
                                     {NULL, NULL}};

const struct choice term_facets[] = {{"process", N_("Process")},
                                     {"material", N_("Material")},
                                     {"component", N_("Component")},
                                     {"market", N_("Market")},
                                     {"certification", N_("Certification")},
                                     {"skill", N_("Skill")},
                                     {NULL, NULL}};

/* The bodies of a pole's assembly, as its statutes name them. */
const struct choice membership_colleges[] = {{"industry", N_("Industrial firms")},
                                             {"brand", N_("Brands and principals")},
                                             {"research", N_("Research and training")},
                                             {"public", N_("Public bodies")},
                                             {"partner", N_("Partners")},
                                             {NULL, NULL}};

const struct choice offer_kinds[] = {
    {"capacity", N_("Free capacity")},           {"machine", N_("Time on a machine or in a room")},
    {"material", N_("Material or stock")},       {"service", N_("Service, control or test")},
    {"development", N_("Development together")}, {NULL, NULL}};

const struct choice capacity_bands[] = {{"days", N_("Some days")},
                                        {"week", N_("A week or more")},
                                        {"half", N_("Half of it or more")},
                                        {"none", N_("Nothing")},
                                        {NULL, NULL}};

/* That an organisation is there is no secret between competitors. */
const struct choice organisation_levels[] = {{"public", N_("Everybody")},
                                             {"space", N_("Members of the space")},
                                             {"grappe", N_("Members of chosen grappes")},
                                             {"confidential", N_("This organisation and the facilitators")},
                                             {"private", N_("This organisation alone")},
                                             {NULL, NULL}};

/* Levels of what hangs on a record, which narrow that record's own. */
const struct choice note_levels[] = {{"space", N_("Whoever sees this record")},
                                     {"confidential", N_("My organisation and the facilitators")},
                                     {"private", N_("My organisation alone")},
                                     {NULL, NULL}};

const struct choice outline_levels[] = {
    {"commune", N_("Commune")}, {"epci", N_("Intercommunal body")}, {NULL, NULL}};

enum role role_of_code(const char *code)
{
    static const struct {
        const char *code;
        enum role role;
    } roles[] = {{"member", ROLE_MEMBER},
                 {"facilitator", ROLE_FACILITATOR},
                 {"funder", ROLE_FUNDER},
                 {"planner", ROLE_PLANNER},
                 {"operator", ROLE_OPERATOR}};
    for (size_t i = 0; code && i < COUNT(roles); i++)
        if (strcmp(code, roles[i].code) == 0)
            return roles[i].role;
    return ROLE_VISITOR;
}
