import { AppError, invalid } from '#platform/errors.ts'

export const notYourself = () => new AppError(409, 'staff.not_yourself', 'Another admin has to do this to your account.')
export const notStaff = () =>
  new AppError(409, 'staff.not_of_cinemas', 'Only cashiers and managers work at chosen cinemas. Change the role first.')
export const noSuchCinema = () => invalid('/cinema_ids', 'There is no such cinema.', 'staff.no_such_cinema')
export const notAdminAnyMore = () => new AppError(403, 'auth.forbidden', 'Your role does not allow this.')
export const oneRole = () => invalid('/role', 'Name the role as role or as group, not both.', 'staff.one_role')
export const notActive = () => new AppError(409, 'staff.not_active', 'This account is blocked; nobody can see through its eyes.')
export const notAnAdmin = () => new AppError(409, 'staff.is_admin', 'Nobody looks through the eyes of another admin.')
