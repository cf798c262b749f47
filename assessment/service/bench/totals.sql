-- What the answers of houses come to, as one query of DuckDB: the yardstick of `kaderscan bench score`.
-- Written apart from the engine by questionnaires/scoring.md, so that both must be wrong in the same way to agree.
-- $FOLDER holds question, option and criterion as Parquet; $ANSWERS is the table, $OUT where the outcome goes.
copy (
  with question as (from '$FOLDER/question.parquet'),
  option as (from '$FOLDER/option.parquet'),
  criterion as (from '$FOLDER/criterion.parquet'),
  given as (
    select a.house_id, q.criterion_id,
      sum(q.weight * o.low) filter (o.counted) as low,
      sum(q.weight * o.high) filter (o.counted) as high,
      sum(q.weight) filter (o.counted) as weight,
      sum(q.weight) filter (not q.describes) as seen,
      min(o.low) filter (o.counted and q.core) as core_low,
      min(o.high) filter (o.counted and q.core) as core_high,
      count(*) filter (q.core) as cores,
      count(*) filter (not o.left_out) as answered,
      count(*) filter (o.left_out) as left_out
    from '$ANSWERS' as a
    join question as q using (question_id)
    join option as o using (question_id, option_id)
    group by a.house_id, q.criterion_id
  ),
  asked as (
    select criterion_id,
      coalesce(sum(weight) filter (not describes), 0) as weight,
      count(*) filter (core) as cores,
      count(*) filter (not open) as questions
    from question group by criterion_id
  ),
  house as (select distinct house_id from given),
  counted as (
    select h.house_id, c.*,
      coalesce(g.low, 0) as low_sum,
      coalesce(g.high, 0) + a.weight - coalesce(g.seen, 0) as high_sum,
      coalesce(g.weight, 0) + a.weight - coalesce(g.seen, 0) as whole,
      case when coalesce(g.cores, 0) < a.cores then 0 else coalesce(g.core_low, 1) end as core_low,
      coalesce(g.core_high, 1) as core_high,
      coalesce(g.answered, 0) as answered,
      a.questions - coalesce(g.left_out, 0) as applicable
    from house as h cross join criterion as c join asked as a using (criterion_id)
    left join given as g on g.house_id = h.house_id and g.criterion_id = c.criterion_id
  ),
  score as (
    select *, least(low_sum / whole, core_low) as low, least(high_sum / whole, core_high) as high,
      whole > 0 and scored as applies
    from counted
  )
  select house_id,
    sum(weight * low) filter (applies and conforms) / sum(weight) filter (applies and conforms) as low,
    sum(weight * high) filter (applies and conforms) / sum(weight) filter (applies and conforms) as high,
    sum(weight * low) filter (applies and recommends) / sum(weight) filter (applies and recommends)
      as recommendations_low,
    sum(weight * high) filter (applies and recommends) / sum(weight) filter (applies and recommends)
      as recommendations_high,
    sum(answered) as answered,
    sum(applicable) as applicable,
    count(*) filter (hard and applies and low = 1) as hard_met,
    count(*) filter (hard and applies and low > 0 and high < 1) as hard_partly,
    count(*) filter (hard and applies and low < 1 and high = 0) as hard_not_yet,
    count(*) filter (hard and applies and high < 1) as hard_not_met,
    case
      when count(*) filter (applies and norm) = 0 then ''
      when count(*) filter (applies and norm and low < 1) = 0 then 'by_framework'
      when 2 * count(*) filter (applies and hard and low = 1) < count(*) filter (applies and hard)
        then 'pioneering'
      else 'transition'
    end as phase_low,
    case
      when count(*) filter (applies and norm) = 0 then ''
      when count(*) filter (applies and norm and high < 1) = 0 then 'by_framework'
      when 2 * count(*) filter (applies and hard and high = 1) < count(*) filter (applies and hard)
        then 'pioneering'
      else 'transition'
    end as phase_high
  from score group by house_id
) to '$OUT' (format parquet)
