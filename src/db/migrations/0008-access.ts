/** Access control asks for people by their employee number, hundreds of times a second at the change of a shift. */
export const up: readonly string[] = [
  `create index person_employee_no on person (site, employee_no) where employee_no is not null`,
]
