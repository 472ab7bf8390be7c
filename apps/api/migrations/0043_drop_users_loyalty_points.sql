-- What somebody has is the sum of their entries (loyalty_accounts); 0031 took the column out of use. Beside a process from
-- before: it reads the column nowhere and writes it only when it erases an account. That fails whole there, in its one
-- transaction, and is done when asked again of a new process. No release has been made that holds the column.
alter table users drop column loyalty_points;
